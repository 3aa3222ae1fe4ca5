// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

namespace model_search {

/// 64-bit FNV-1a over 8-byte words (bytes for the rest): distinguishes contents in the keys of
/// caches and the identity of data. It does not protect against an adversary.
/// http://www.isthe.com/chongo/tech/comp/fnv/
class Fingerprint {
 public:
  void add(std::span<const std::byte> bytes) {
    std::size_t position = 0;
    for (; position + 8 <= bytes.size(); position += 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, bytes.data() + position, 8);
      mix(word);
    }
    for (; position < bytes.size(); ++position) mix(static_cast<std::uint64_t>(bytes[position]));
    mix(bytes.size());
  }
  void add(std::string_view text) { add(std::as_bytes(std::span(text.data(), text.size()))); }
  void add(std::uint64_t number) { mix(number); }

  /// 16 hexadecimal digits.
  [[nodiscard]] std::string hex() const {
    static constexpr char digits[] = "0123456789abcdef";
    std::string text(16, '0');
    for (int i = 0; i < 16; ++i) text[15 - i] = digits[(state_ >> (4 * i)) & 15U];
    return text;
  }

 private:
  void mix(std::uint64_t word) {
    state_ = (state_ ^ word) * 0x100000001b3ULL;
    state_ ^= state_ >> 32U;  // Carry high bits down: a word-wise FNV would lose them.
  }
  std::uint64_t state_ = 0xcbf29ce484222325ULL;
};

}  // namespace model_search
