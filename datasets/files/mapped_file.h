// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/uio.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

#include "datasets/files/file_descriptor.h"

namespace model_search {

/// A file that is mapped into memory; reads copy out of the mapping. Many threads may read at once.
class MappedFile {
 public:
  /// Maps the whole file, without reading it. Throws std::runtime_error that names the file.
  explicit MappedFile(std::filesystem::path path);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// The file's bytes when it was opened.
  [[nodiscard]] std::uint64_t size() const { return size_; }

  /// Copies the bytes from `offset` on into the parts, one after another. Throws std::runtime_error
  /// that names the file if it was truncated or changed, before or during the copy (guarded_copy).
  void read(std::uint64_t offset, std::span<iovec> parts) const;

 private:
  [[noreturn]] void fail(const char* what) const;
  void check_unchanged() const;

  std::filesystem::path path_;
  FileDescriptor file_;
  std::uint64_t size_ = 0;
  std::int64_t changed_ = 0;    ///< when it was opened
  std::byte* bytes_ = nullptr;  ///< nullptr for an empty file, which cannot be mapped
};

}  // namespace model_search
