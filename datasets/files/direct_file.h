// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/uio.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

#include "datasets/files/file_descriptor.h"

namespace model_search {

/// Whether a file is read past the system's page cache (O_DIRECT) or through it. `direct` suits
/// large files that are read once from end to end: it reaches the disk's own speed and takes no
/// memory.
enum class FileAccess { direct, buffered };

/// A file that many threads may read at once, at any offset.
class DirectFile {
 public:
  /// Opens the file. Where the file system refuses direct reads (files in memory, some overlays),
  /// the file is read through the page cache. Throws std::runtime_error that names the file.
  DirectFile(std::filesystem::path path, FileAccess access);

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// The file's bytes when it was opened.
  [[nodiscard]] std::uint64_t size() const { return size_; }
  /// How the file is read.
  [[nodiscard]] FileAccess access() const { return access_; }

  /// Reads the bytes from `offset` on into the parts, one after another; read() modifies `parts`.
  /// Direct reads go straight to a single part whose memory, length and offset are multiples of
  /// `direct_alignment`; all others pass through an aligned buffer that the thread keeps, of at
  /// most 4 MiB and as much as is read. Throws std::runtime_error that names the file.
  void read(std::uint64_t offset, std::span<iovec> parts) const;

 private:
  void read_buffered(std::uint64_t offset, std::span<iovec> parts) const;
  [[nodiscard]] bool read_straight(std::uint64_t offset, const iovec& part) const;
  void read_around(std::uint64_t offset, std::span<iovec> parts) const;

  std::filesystem::path path_;
  FileDescriptor file_;
  std::uint64_t size_ = 0;
  FileAccess access_ = FileAccess::buffered;
};

/// The parts that remain when their first `bytes` bytes are done; may shorten the first of them in
/// place.
[[nodiscard]] std::span<iovec> parts_after(std::span<iovec> parts, std::size_t bytes);

}  // namespace model_search
