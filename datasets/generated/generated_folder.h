// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <string>

namespace model_search {

/// Writes a generated data set's files below a folder, which it creates.
using FillFolder = std::function<void(const std::filesystem::path& folder)>;

/// The folder `cache_directory/name`, filled by `fill` if it does not exist yet. It is written next
/// to its final name and moved there whole, so that an interrupted run leaves no incomplete data
/// set; of several processes one makes it, and the others wait (MakerLock). Passes on what `fill`
/// throws, and throws std::runtime_error that names the path where the file system refuses (disk
/// full, no permission).
[[nodiscard]] std::filesystem::path ensure_generated_folder(
    const std::filesystem::path& cache_directory, const std::string& name, const FillFolder& fill);

}  // namespace model_search
