// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace model_search {

/// The embedded default text set: film reviews written from a seed, in IMDB's layout
/// ({train,test}/{pos,neg}/0000.txt, Maas et al. 2011, https://aclanthology.org/P11-1015). Their
/// lengths follow roughly those of IMDB's 25,000 training reviews split at white space (median 174
/// words, mean 234): median about 175 and mean about 230, log-normal, cut at 10 and 1,000.
/// Praise and blame differ in how often they use words of opinion, and both use words of both.
struct DefaultText {
  std::uint64_t seed = 1;
  std::size_t train_per_class = 250;  ///< x 2 classes
  std::size_t test_per_class = 50;
};

/// The number of texts in `train`, or in `test`.
[[nodiscard]] std::size_t size_of(const DefaultText& settings, bool train);

/// The folder of the text set below `cache_directory`, generated there when it is not complete
/// yet, as ensure_generated_folder() says. The bytes depend on the seed alone. Throws
/// std::runtime_error that names the path (disk full, no permission).
[[nodiscard]] std::filesystem::path ensure_default_text(
    const std::filesystem::path& cache_directory, const DefaultText& settings);

/// Every word that the texts can hold for any seed, in the spelling it has there and in lower case,
/// and every punctuation mark; in byte order. A word is a run of letters and digits. A vocabulary
/// for the default text set consists of these.
[[nodiscard]] std::vector<std::string> default_text_words();

}  // namespace model_search
