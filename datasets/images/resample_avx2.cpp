// SPDX-License-Identifier: Apache-2.0
#include "datasets/images/resample_kernels.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

#include <cstring>

// Only these functions are compiled for AVX2: the rest of the program runs on any x86-64.
#define AVX2 __attribute__((target("avx2")))

namespace model_search {
namespace {

constexpr std::size_t channels = 3;
constexpr std::size_t load_bytes = 16;  ///< of which 12 are used: 4 pixels

AVX2 inline __m256i broadcast(ResampleAxis::Pair pair) {
  int bits = 0;
  std::memcpy(&bits, &pair, sizeof(bits));
  return _mm256_set1_epi32(bits);
}

/// Sums of 32 bits, from the sums with both parts of the weights, as pixels before saturation.
AVX2 inline __m256i rounded(__m256i high, __m256i low) {
  const __m256i half = _mm256_set1_epi32(1 << (ResampleAxis::fraction_bits - 1));
  const __m256i sum = _mm256_add_epi32(_mm256_slli_epi32(high, ResampleAxis::low_bits), low);
  return _mm256_srai_epi32(_mm256_add_epi32(sum, half), ResampleAxis::fraction_bits);
}

/// One output pixel of two rows: lanes of 128 bits hold red, green, blue and 0. `taps` is the
/// axis's; it is a parameter so that the usual 4 need no loop.
AVX2 inline __attribute__((always_inline)) __m256i pixel_of_two_rows(const ResampleAxis& axis,
                                                                     std::size_t taps,
                                                                     std::size_t x,
                                                                     const std::uint8_t* upper,
                                                                     const std::uint8_t* lower) {
  // 16-bit pairs of pixels 0 and 1, and 2 and 3, channel by channel; -1 gives 0.
  const __m256i first_pair = _mm256_broadcastsi128_si256(
      _mm_setr_epi8(0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1));
  const __m256i second_pair = _mm256_broadcastsi128_si256(
      _mm_setr_epi8(6, -1, 9, -1, 7, -1, 10, -1, 8, -1, 11, -1, -1, -1, -1, -1));
  const ResampleAxis::Pair* high = axis.high.data() + x * taps / 2;
  const ResampleAxis::Pair* low = axis.low.data() + x * taps / 2;
  __m256i high_sum = _mm256_setzero_si256();
  __m256i low_sum = _mm256_setzero_si256();
  for (std::size_t k = 0; k < taps; k += 4, upper += 12, lower += 12, high += 2, low += 2) {
    const __m256i pixels = _mm256_inserti128_si256(
        _mm256_castsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(upper))),
        _mm_loadu_si128(reinterpret_cast<const __m128i*>(lower)), 1);
    const __m256i a = _mm256_shuffle_epi8(pixels, first_pair);
    const __m256i b = _mm256_shuffle_epi8(pixels, second_pair);
    high_sum =
        _mm256_add_epi32(high_sum, _mm256_add_epi32(_mm256_madd_epi16(a, broadcast(high[0])),
                                                    _mm256_madd_epi16(b, broadcast(high[1]))));
    low_sum = _mm256_add_epi32(low_sum, _mm256_add_epi32(_mm256_madd_epi16(a, broadcast(low[0])),
                                                         _mm256_madd_epi16(b, broadcast(low[1]))));
  }
  return rounded(high_sum, low_sum);
}

/// Rows `in` and `in + in_stride`; for a single row the caller gives it twice, as strides of 0.
AVX2 inline __attribute__((always_inline)) void two_rows_of(
    const ResampleAxis& axis, std::size_t taps, std::size_t first_column, const std::uint8_t* in,
    std::size_t in_stride, std::uint8_t* out, std::size_t out_stride) {
  const __m256i together = _mm256_broadcastsi128_si256(
      _mm_setr_epi8(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1));
  const std::size_t width = axis.ranges.size();
  for (std::size_t x = 0; x < width; x += 4) {
    __m256i sums[4];
    for (std::size_t i = 0; i < 4; ++i) {
      const std::size_t place = x + i < width ? x + i : width - 1;
      const std::uint8_t* pixel = in + (axis.ranges[place].first - first_column) * channels;
      sums[i] = pixel_of_two_rows(axis, taps, place, pixel, pixel + in_stride);
    }
    // Both packs work within the lanes of 128 bits, so each row stays in its lane.
    const __m256i bytes = _mm256_packus_epi16(_mm256_packs_epi32(sums[0], sums[1]),
                                              _mm256_packs_epi32(sums[2], sums[3]));
    const __m256i pixels = _mm256_shuffle_epi8(bytes, together);
    // 16 bytes for 4 pixels: the next ones, or what is beyond the row, are written over.
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out + x * channels),
                     _mm256_castsi256_si128(pixels));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out + out_stride + x * channels),
                     _mm256_extracti128_si256(pixels, 1));
  }
}

AVX2 void two_rows(const ResampleAxis& axis, std::size_t first_column, const std::uint8_t* in,
                   std::size_t in_stride, std::uint8_t* out, std::size_t out_stride) {
  if (axis.taps == 4) {
    two_rows_of(axis, 4, first_column, in, in_stride, out, out_stride);
  } else {
    two_rows_of(axis, axis.taps, first_column, in, in_stride, out, out_stride);
  }
}

void along_rows(const ResampleAxis& axis, std::size_t first_column, const std::uint8_t* in,
                std::size_t in_stride, std::size_t in_bytes, std::size_t count, std::uint8_t* out,
                std::size_t out_stride) {
  // A load may reach beyond a row's end, and from the last rows beyond what may be read.
  const std::size_t reach = (axis.ranges.back().first - first_column + axis.taps) * channels +
                            (load_bytes - 4 * channels);
  std::size_t safe = 0;
  while (safe < count && safe * in_stride + reach <= in_bytes) ++safe;
  std::size_t y = 0;
  for (; y + 2 <= safe; y += 2) {
    two_rows(axis, first_column, in + y * in_stride, in_stride, out + y * out_stride, out_stride);
  }
  if (y < safe) {
    two_rows(axis, first_column, in + y * in_stride, 0, out + y * out_stride, 0);
    ++y;
  }
  portable_kernels().along_rows(axis, first_column, in + y * in_stride, in_stride, 0, count - y,
                                out + y * out_stride, out_stride);
}

/// 16-bit pairs of two rows' bytes (already interleaved, 4 values a lane) by a pair of weights.
AVX2 inline void add(__m256i pairs, __m256i weights_high, __m256i weights_low, __m256i& high,
                     __m256i& low) {
  high = _mm256_add_epi32(high, _mm256_madd_epi16(pairs, weights_high));
  low = _mm256_add_epi32(low, _mm256_madd_epi16(pairs, weights_low));
}

AVX2 void along_columns(const ResampleAxis& axis, std::size_t place, const std::uint8_t* in,
                        std::size_t in_stride, std::size_t values, std::uint8_t* out) {
  const std::size_t count = axis.ranges[place].count;
  const ResampleAxis::Pair* high = axis.high.data() + place * axis.taps / 2;
  const ResampleAxis::Pair* low = axis.low.data() + place * axis.taps / 2;
  const __m256i zero = _mm256_setzero_si256();
  for (std::size_t i = 0; i < values; i += 32) {
    __m256i high_sums[4] = {zero, zero, zero, zero};
    __m256i low_sums[4] = {zero, zero, zero, zero};
    for (std::size_t k = 0; k < count; k += 2) {
      const std::uint8_t* row = in + k * in_stride + i;
      // The weight beyond the last row is 0: any row will do for it.
      const std::uint8_t* next = k + 1 < count ? row + in_stride : row;
      const __m256i a = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(row));
      const __m256i b = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(next));
      const __m256i weights_high = broadcast(high[k / 2]);
      const __m256i weights_low = broadcast(low[k / 2]);
      const __m256i front = _mm256_unpacklo_epi8(a, b);
      const __m256i back = _mm256_unpackhi_epi8(a, b);
      add(_mm256_unpacklo_epi8(front, zero), weights_high, weights_low, high_sums[0], low_sums[0]);
      add(_mm256_unpackhi_epi8(front, zero), weights_high, weights_low, high_sums[1], low_sums[1]);
      add(_mm256_unpacklo_epi8(back, zero), weights_high, weights_low, high_sums[2], low_sums[2]);
      add(_mm256_unpackhi_epi8(back, zero), weights_high, weights_low, high_sums[3], low_sums[3]);
    }
    const __m256i front =
        _mm256_packs_epi32(rounded(high_sums[0], low_sums[0]), rounded(high_sums[1], low_sums[1]));
    const __m256i back =
        _mm256_packs_epi32(rounded(high_sums[2], low_sums[2]), rounded(high_sums[3], low_sums[3]));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + i), _mm256_packus_epi16(front, back));
  }
}

}  // namespace

const ResampleKernels* avx2_kernels() {
  static constexpr ResampleKernels kernels{"avx2", along_rows, along_columns};
  static const bool supported = __builtin_cpu_supports("avx2") != 0;
  return supported ? &kernels : nullptr;
}

}  // namespace model_search

#else

namespace model_search {

const ResampleKernels* avx2_kernels() {
  return nullptr;
}

}  // namespace model_search

#endif
