// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tiffio.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace model_search {

/// A TIFF in memory, and the last error of reading it.
struct TiffMemory {
  std::span<const std::byte> file;
  std::uint64_t place = 0;
  std::string error;
};

struct CloseTiff {
  void operator()(TIFF* tiff) const { TIFFClose(tiff); }
};
using Tiff = std::unique_ptr<TIFF, CloseTiff>;

/// Opens the file for libtiff, which keeps a pointer to `memory`. Throws std::runtime_error.
[[nodiscard]] Tiff open_tiff(TiffMemory& memory);

/// Throws std::runtime_error with the last error.
[[noreturn]] void fail_tiff(const TiffMemory& memory);

}  // namespace model_search
