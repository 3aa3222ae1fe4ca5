// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string_view>

namespace model_search {

/// Writes the text to a new file (`.partial`), waits until the disk has it, and renames it, so that
/// the file is either the old one or the whole new one. Throws std::system_error; the file is then
/// unchanged, and the new one is removed.
void write_whole_file(const std::filesystem::path& path, std::string_view text);

}  // namespace model_search
