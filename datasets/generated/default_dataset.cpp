// SPDX-License-Identifier: Apache-2.0
#include "datasets/generated/default_dataset.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <mutex>
#include <string>
#include <vector>

#include "datasets/files/file_bytes.h"
#include "datasets/generated/generated_folder.h"
#include "datasets/generated/seeded_noise.h"
#include "datasets/generated/stb_encoder.h"
#include "datasets/generated/synthetic_photograph.h"
#include "datasets/loading/in_parallel.h"

namespace model_search {
namespace {

namespace fs = std::filesystem;

constexpr int kGeneratorVersion = 1;  // Raise it whenever the bytes of a photograph change.
constexpr int kQuality = 90;

struct Photograph {
  const PhotographStyle* style;
  fs::path path;
  std::uint64_t seed;
};

std::vector<Photograph> plan(const fs::path& folder, const DefaultDataset& settings) {
  std::vector<Photograph> photographs;
  const auto add_split = [&](const char* split, std::uint64_t split_seed, std::size_t per_class) {
    for (const PhotographStyle& style : photograph_styles()) {
      const fs::path class_folder = folder / split / style.class_name;
      fs::create_directories(class_folder);
      const auto class_seed = static_cast<std::uint64_t>(&style - photograph_styles().data());
      for (std::size_t i = 0; i < per_class; ++i) {
        std::array<char, 32> ending{};
        std::snprintf(ending.data(), ending.size(), "_%04zu.JPEG", i);
        SeededRandom mixed(settings.seed);
        const std::uint64_t position = (((split_seed << 8U) + class_seed) << 32U) + i;
        photographs.push_back({&style,
                               class_folder / (std::string(style.class_name) + ending.data()),
                               mixed.bits() ^ SeededRandom(position).bits()});
      }
    }
  };
  add_split("train", 0, settings.train_per_class);
  add_split("val", 1, settings.val_per_class);
  return photographs;
}

void draw_all(const std::vector<Photograph>& photographs, std::size_t threads,
              const GenerateProgress& progress) {
  std::mutex mutex;  // progress is reported by one thread at a time
  std::size_t done = 0;
  in_parallel(photographs.size(), threads, [&](std::size_t i) {
    const Photograph& photograph = photographs[i];
    write_file(photograph.path,
               encode_jpeg(draw_photograph(*photograph.style, photograph.seed), kQuality));
    const std::lock_guard lock(mutex);
    ++done;
    if (progress) progress(done, photographs.size());
  });
}

}  // namespace

std::size_t size_of(const DefaultDataset& settings, bool train) {
  return photograph_styles().size() * (train ? settings.train_per_class : settings.val_per_class);
}

fs::path ensure_default_dataset(const fs::path& cache_directory, const DefaultDataset& settings,
                                std::size_t threads, const GenerateProgress& progress) {
  const std::string name = "photographs-v" + std::to_string(kGeneratorVersion) + "-seed" +
                           std::to_string(settings.seed) + "-" +
                           std::to_string(settings.train_per_class) + "-" +
                           std::to_string(settings.val_per_class);
  return ensure_generated_folder(cache_directory, name, [&](const fs::path& folder) {
    draw_all(plan(folder, settings), std::max<std::size_t>(threads, 1), progress);
  });
}

}  // namespace model_search
