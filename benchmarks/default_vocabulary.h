// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace model_search {

/// The folder of a small vocabulary for the embedded text set, made once below the cache folder:
/// `vocab.txt` for "wordpiece", `vocab.json` and `merges.txt` for "bpe". For random weights, whose
/// ids mean nothing; a real checkpoint needs its own.
[[nodiscard]] std::filesystem::path ensure_default_vocabulary(
    const std::filesystem::path& cache_directory, const std::string& tokenizer);

}  // namespace model_search
