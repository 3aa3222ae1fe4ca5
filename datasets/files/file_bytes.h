// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <vector>

#include "datasets/files/file_descriptor.h"

namespace model_search {

/// Fills `bytes` with the whole file; its capacity is reused from call to call.
/// Throws std::runtime_error with the path and the system's reason.
void read_file(const std::filesystem::path& path, std::vector<std::byte>& bytes);

/// Writes all of `bytes` to an open file; errors name `path`.
void write_bytes(const FileDescriptor& file, std::span<const std::byte> bytes,
                 const std::filesystem::path& path);

/// Creates or replaces the file. Every write and the close are checked, so that a full disk is
/// noticed here: throws std::runtime_error with the path and the system's reason.
void write_file(const std::filesystem::path& path, std::span<const std::byte> bytes);

}  // namespace model_search
