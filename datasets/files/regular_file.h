// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>

#include "datasets/files/file_descriptor.h"

namespace model_search {

/// An open regular file and the bytes that it has now.
struct RegularFile {
  FileDescriptor file;
  std::uint64_t bytes = 0;
};

/// Opens a regular file for reading, with more `flags` of open(). Throws std::system_error that
/// names the path and the system's reason, and std::runtime_error "'x' is not a regular file" for a
/// pipe, a device or a socket, which it does not wait for.
[[nodiscard]] RegularFile open_regular_file(const std::filesystem::path& path, int flags = 0);

/// Throws the same for what is there and is not a regular file, before somebody else opens it.
void require_regular_file(const std::filesystem::path& path);

}  // namespace model_search
