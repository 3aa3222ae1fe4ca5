// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/uio.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

#include "datasets/files/file_descriptor.h"

namespace model_search {

/// Whether a file is read past the system's page cache (O_DIRECT) or through it. `direct` is for
/// large files that are read once from end to end: the disk's own speed, no memory taken.
enum class FileAccess { direct, buffered };

/// A file that many threads may read at once, at any offset.
class DirectFile {
 public:
  /// Opens it. Where the file system refuses direct reads (files in memory, some overlays) it is
  /// read through the page cache. Throws std::runtime_error that names the file.
  DirectFile(std::filesystem::path path, FileAccess access);

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// Bytes that it had when it was opened.
  [[nodiscard]] std::uint64_t size() const { return size_; }
  /// How it is read.
  [[nodiscard]] FileAccess access() const { return access_; }

  /// Reads the bytes from `offset` on into the parts, one after another; the parts are changed.
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

/// What is left of a list of parts after `bytes` of it are done; the first part may be changed.
[[nodiscard]] std::span<iovec> parts_after(std::span<iovec> parts, std::size_t bytes);

}  // namespace model_search
