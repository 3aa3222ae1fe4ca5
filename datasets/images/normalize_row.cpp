// SPDX-License-Identifier: Apache-2.0
#include "datasets/images/normalize_row.h"

#include <cstring>
#include <vector>

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define AVX2_FMA __attribute__((target("avx2,fma")))
#endif

namespace model_search {
namespace {

#ifdef AVX2_FMA

constexpr std::size_t channels = 3;
constexpr std::size_t group = 8;  ///< pixels at once

/// The bytes of one channel of 8 RGB pixels, from the first 16 and the last 16 of their 24 bytes.
struct ChannelBytes {
  std::array<std::int8_t, 16> front{};
  std::array<std::int8_t, 16> back{};
  constexpr explicit ChannelBytes(std::size_t channel) {
    front.fill(-1);
    back.fill(-1);
    for (std::size_t pixel = 0; pixel < group; ++pixel) {
      const std::size_t byte = channels * pixel + channel;
      if (byte < 16) {
        front[pixel] = static_cast<std::int8_t>(byte);
      } else {
        back[pixel] = static_cast<std::int8_t>(byte - 8);
      }
    }
  }
};
constexpr std::array<ChannelBytes, channels> channel_bytes{ChannelBytes{0}, ChannelBytes{1},
                                                           ChannelBytes{2}};

/// a / b, rounded as a division is: the quotient's error, which a fused multiply-add gives exactly,
/// corrects it. `inverse` is 1 / b rounded.
AVX2_FMA inline __m256 divide(__m256 a, __m256 b, __m256 inverse) {
  const __m256 quotient = _mm256_mul_ps(a, inverse);
  const __m256 error = _mm256_fnmadd_ps(quotient, b, a);
  return _mm256_fmadd_ps(error, inverse, quotient);
}

AVX2_FMA inline __m256 normalized(const Normalization& normalization, std::size_t channel,
                                  __m128i front, __m128i back) {
  const auto load = [](const std::array<std::int8_t, 16>& bytes) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes.data()));
  };
  const __m128i bytes = _mm_or_si128(_mm_shuffle_epi8(front, load(channel_bytes[channel].front)),
                                     _mm_shuffle_epi8(back, load(channel_bytes[channel].back)));
  const __m256 value = _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(bytes));
  const __m256 mean = _mm256_set1_ps(normalization.mean[channel]);
  const __m256 deviation = _mm256_set1_ps(normalization.deviation[channel]);
  const __m256 fraction = divide(value, _mm256_set1_ps(255.0F), _mm256_set1_ps(1.0F / 255.0F));
  return divide(_mm256_sub_ps(fraction, mean), deviation,
                _mm256_set1_ps(1.0F / normalization.deviation[channel]));
}

AVX2_FMA void normalize_row_avx2(const Normalization& normalization, const std::uint8_t* pixels,
                                 std::size_t width, float* red, float* green, float* blue) {
  const std::array<float*, channels> out{red, green, blue};
  const auto misaligned = [](const float* row) {
    return reinterpret_cast<std::uintptr_t>(row) % sizeof(__m256) != 0;
  };
  std::size_t x = 0;
  if (!misaligned(red) && !misaligned(green) && !misaligned(blue)) {
    for (; x + group <= width; x += group) {
      const std::uint8_t* place = pixels + x * channels;
      const __m128i front = _mm_loadu_si128(reinterpret_cast<const __m128i*>(place));
      const __m128i back = _mm_loadu_si128(reinterpret_cast<const __m128i*>(place + 8));
      for (std::size_t channel = 0; channel < channels; ++channel) {
        _mm256_stream_ps(out[channel] + x, normalized(normalization, channel, front, back));
      }
    }
  }
  normalize_row_portable(normalization, pixels + x * channels, width - x, red + x, green + x,
                         blue + x);
}

/// Whether all 256 values of each channel come out as in the table.
bool equals_table(const Normalization& normalization) {
  constexpr std::size_t values = 256;
  std::vector<std::uint8_t> pixels;
  for (std::size_t value = 0; value < values; ++value) {
    pixels.insert(pixels.end(), channels, static_cast<std::uint8_t>(value));
  }
  alignas(32) std::array<std::array<float, values>, channels> out{};
  normalize_row_avx2(normalization, pixels.data(), values, out[0].data(), out[1].data(),
                     out[2].data());
  finish_rows();
  return std::memcmp(&out, &normalization.table, sizeof(out)) == 0;
}

#endif

}  // namespace

Normalization::Normalization(const std::array<float, 3>& means,
                             const std::array<float, 3>& deviations)
    : mean(means), deviation(deviations) {
  for (std::size_t channel = 0; channel < table.size(); ++channel) {
    for (std::size_t value = 0; value < table[channel].size(); ++value) {
      table[channel][value] =
          (static_cast<float>(value) / 255.0F - mean[channel]) / deviation[channel];
    }
  }
}

void normalize_row_portable(const Normalization& normalization, const std::uint8_t* pixels,
                            std::size_t width, float* red, float* green, float* blue) {
  // 8 bits have 256 values: a table per channel replaces two divisions per value.
  for (std::size_t x = 0; x < width; ++x, pixels += 3) {
    red[x] = normalization.table[0][pixels[0]];
    green[x] = normalization.table[1][pixels[1]];
    blue[x] = normalization.table[2][pixels[2]];
  }
}

NormalizeRow best_normalize_row([[maybe_unused]] const Normalization& normalization) {
#ifdef AVX2_FMA
  if (__builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0 &&
      equals_table(normalization)) {
    return normalize_row_avx2;
  }
#endif
  return normalize_row_portable;
}

void finish_rows() {
#ifdef AVX2_FMA
  _mm_sfence();
#endif
}

}  // namespace model_search
