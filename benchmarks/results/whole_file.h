// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string_view>

#include "datasets/files/file_descriptor.h"

namespace model_search {

/// Whether a path must be written in place, because it is not a file that can be replaced: a
/// device, a pipe, a socket, or one of the process' own streams, such as /dev/stdout and the
/// /dev/fd/63 of a shell's `>(...)`.
[[nodiscard]] bool is_stream(const std::filesystem::path& path);
/// Opens a stream for writing; one of the process' own goes on where it is. Throws
/// std::system_error.
[[nodiscard]] FileDescriptor open_stream(const std::filesystem::path& path);

/// Writes the text to a new file, waits until the disk has it, and renames it (NewFile), so that
/// the file is either the old one or the whole new one. Follows symbolic links, and keeps the mode
/// of a file that it replaces. Throws std::system_error; the file is then unchanged, and the new
/// one is removed. A path that is a stream is written in place.
void write_whole_file(const std::filesystem::path& path, std::string_view text);

}  // namespace model_search
