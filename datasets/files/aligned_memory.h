// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <span>

namespace model_search {

/// What the offset, the length and the memory of a read past the page cache must be multiples of:
/// a page, and a multiple of every common disk's block.
constexpr std::size_t direct_alignment = 4096;

[[nodiscard]] constexpr std::size_t align_down(std::size_t value) {
  return value / direct_alignment * direct_alignment;
}
[[nodiscard]] constexpr std::size_t align_up(std::size_t value) {
  return align_down(value + direct_alignment - 1);
}
[[nodiscard]] inline bool is_aligned(const void* memory) {
  return reinterpret_cast<std::uintptr_t>(memory) % direct_alignment == 0;
}

/// Memory that begins at a multiple of `direct_alignment`; it grows and never shrinks.
class AlignedMemory {
 public:
  /// At least `bytes` bytes, rounded up to the alignment. Growing loses its contents.
  [[nodiscard]] std::span<std::byte> take(std::size_t bytes) {
    const std::size_t rounded = align_up(bytes);
    if (rounded > bytes_) {
      memory_.reset();
      bytes_ = 0;
      memory_.reset(
          static_cast<std::byte*>(::operator new[](rounded, std::align_val_t{direct_alignment})));
      bytes_ = rounded;
    }
    return {memory_.get(), rounded};
  }

 private:
  struct Delete {
    void operator()(std::byte* memory) const {
      ::operator delete[](memory, std::align_val_t{direct_alignment});
    }
  };
  std::unique_ptr<std::byte[], Delete> memory_;
  std::size_t bytes_ = 0;
};

}  // namespace model_search
