// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "datasets/files/file_descriptor.h"

namespace model_search {

/// A file that takes the place of `path` when it is complete. Until then it lies next to it under a
/// random name, `<path>.<16 hexadecimal digits>.part`, which no other writer has: process numbers
/// repeat in containers that share a folder. Its writer holds a lock on it, which the system drops
/// when the writer dies. The destructor removes the file where finish() was not called. All members
/// throw std::system_error that names `path`.
class NewFile {
 public:
  /// `mode`: the permissions of the file; 0: those that the user's umask leaves.
  explicit NewFile(std::filesystem::path path, mode_t mode = 0);
  ~NewFile();
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  void write(std::span<const std::byte> bytes);
  void write(std::string_view text) { write(std::as_bytes(std::span(text))); }
  /// Waits until the disk has the file, and renames it.
  void finish();

 private:
  std::filesystem::path path_;
  std::filesystem::path part_;
  FileDescriptor file_;
};

/// The same for a folder.
class NewFolder {
 public:
  explicit NewFolder(std::filesystem::path path);
  ~NewFolder();
  NewFolder(const NewFolder&) = delete;
  NewFolder& operator=(const NewFolder&) = delete;

  /// Where its files are written until finish().
  [[nodiscard]] const std::filesystem::path& part() const { return part_; }
  /// Renames the folder. Returns false where `path` exists already; it then stays as it is.
  [[nodiscard]] bool finish();

 private:
  std::filesystem::path path_;
  std::filesystem::path part_;
  FileDescriptor lock_;
};

/// Removes from a folder what killed processes left of new files and folders (of `name` alone where
/// it is given): parts whose lock can be taken. Keeps parts where the file system has no locks.
void remove_left_over_parts(const std::filesystem::path& folder, const std::string& name = "");

}  // namespace model_search
