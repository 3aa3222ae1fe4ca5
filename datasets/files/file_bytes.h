// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <vector>

namespace model_search {

/// Fills `bytes` with the whole file; its capacity is reused from call to call.
/// Throws std::runtime_error with the path and the system's reason.
void read_file(const std::filesystem::path& path, std::vector<std::byte>& bytes);

/// Creates or replaces the file. Every write and the close are checked, so that a full disk is
/// noticed here: throws std::runtime_error with the path and the system's reason.
void write_file(const std::filesystem::path& path, std::span<const std::byte> bytes);

}  // namespace model_search
