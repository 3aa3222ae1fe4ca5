// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

namespace model_search {

/// Bytes of a file that the system keeps in memory (its page cache), so that reading them does not
/// reach the disk. The system reports this only to the owner of a file and to users who may write
/// it; for others every page counts as kept. Throws std::runtime_error that names a file that
/// cannot be read.
[[nodiscard]] std::uint64_t resident_bytes(const std::filesystem::path& file);

/// Makes the next read of these files come from the disk: writes dirty pages back, asks the system
/// to drop the pages and checks that it did. Names and inodes stay in memory. Needs no privileges.
/// Throws std::runtime_error with an example where some stay: files in memory (tmpfs), files that a
/// process has mapped, and files of another owner (see resident_bytes()).
void drop_pages(std::span<const std::filesystem::path> files);

}  // namespace model_search
