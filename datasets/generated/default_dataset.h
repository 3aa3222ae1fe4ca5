// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

namespace model_search {

/// The embedded default data set: photographs drawn from a seed, in ImageNette's layout.
struct DefaultDataset {
  std::uint64_t seed = 1;
  std::size_t train_per_class = 50;  ///< x 10 classes
  std::size_t val_per_class = 10;
};

/// The number of photographs in `train`, or in `val`.
[[nodiscard]] std::size_t size_of(const DefaultDataset& settings, bool train);

/// Reports progress: how many images are done, of how many.
using GenerateProgress = std::function<void(std::size_t done, std::size_t all)>;

/// The folder of the data set below `cache_directory`, generated there by `threads` threads when it
/// is not complete yet. Written next to its final name and moved there whole, so that an
/// interrupted run leaves no incomplete data set; safe when two processes do it at once. The bytes
/// depend on the seed alone. Throws std::runtime_error that names the path (disk full, no
/// permission).
[[nodiscard]] std::filesystem::path ensure_default_dataset(
    const std::filesystem::path& cache_directory, const DefaultDataset& settings,
    std::size_t threads, const GenerateProgress& progress = {});

}  // namespace model_search
