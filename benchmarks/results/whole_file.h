// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string_view>

namespace model_search {

/// Writes the text beside the file (`.partial`), waits until the disk has it, and puts it in the
/// file's place: whatever happens, the file is the one before or the whole new one. Throws
/// std::system_error; the file is as it was then, and nothing lies beside it.
void write_whole_file(const std::filesystem::path& path, std::string_view text);

}  // namespace model_search
