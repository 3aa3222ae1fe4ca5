// SPDX-License-Identifier: Apache-2.0
#include "datasets/generated/default_text.h"

#include <array>
#include <cstdio>
#include <span>

#include "datasets/files/file_bytes.h"
#include "datasets/generated/generated_folder.h"
#include "datasets/generated/review_words.h"
#include "datasets/generated/seeded_noise.h"
#include "datasets/generated/synthetic_review.h"

namespace model_search {
namespace {

namespace fs = std::filesystem;

constexpr int kGeneratorVersion = 1;  // Raise it whenever the bytes of a review change.

struct ReviewClass {
  const char* name;
  ReviewOpinion opinion;
};
constexpr std::array<ReviewClass, 2> classes{
    {{"neg", ReviewOpinion::blame}, {"pos", ReviewOpinion::praise}}};

void write_split(const fs::path& split_folder, std::uint64_t split_position, std::size_t per_class,
                 std::uint64_t seed) {
  for (std::uint64_t label = 0; label < classes.size(); ++label) {
    const ReviewClass& review_class = classes.at(label);
    const fs::path folder = split_folder / review_class.name;
    fs::create_directories(folder);
    for (std::size_t i = 0; i < per_class; ++i) {
      std::array<char, 32> name{};
      std::snprintf(name.data(), name.size(), "%04zu.txt", i);
      const std::uint64_t position = (((split_position << 8U) + label) << 32U) + i;
      const std::uint64_t review_seed = SeededRandom(seed).bits() ^ SeededRandom(position).bits();
      const std::string text = write_review(review_class.opinion, review_seed);
      write_file(folder / name.data(), std::as_bytes(std::span(text)));
    }
  }
}

}  // namespace

std::size_t size_of(const DefaultText& settings, bool train) {
  return classes.size() * (train ? settings.train_per_class : settings.test_per_class);
}

fs::path ensure_default_text(const fs::path& cache_directory, const DefaultText& settings) {
  const std::string name = "reviews-v" + std::to_string(kGeneratorVersion) + "-seed" +
                           std::to_string(settings.seed) + "-" +
                           std::to_string(settings.train_per_class) + "-" +
                           std::to_string(settings.test_per_class);
  return ensure_generated_folder(cache_directory, name, [&](const fs::path& folder) {
    write_split(folder / "train", 0, settings.train_per_class, settings.seed);
    write_split(folder / "test", 1, settings.test_per_class, settings.seed);
  });
}

std::vector<std::string> default_text_words() {
  return review_words();
}

}  // namespace model_search
