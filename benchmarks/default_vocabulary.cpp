// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/default_vocabulary.h"

#include <unistd.h>

#include <stdexcept>
#include <vector>

#include "datasets/default_text.h"
#include "datasets/train_vocabulary.h"

namespace model_search {

namespace fs = std::filesystem;

fs::path ensure_default_vocabulary(const fs::path& cache_directory, const std::string& tokenizer) {
  constexpr std::size_t merges = 1000;
  const fs::path folder = cache_directory / ("vocabulary-v1-" + tokenizer);
  if (fs::exists(folder)) return folder;
  const fs::path partial = folder.string() + ".partial-" + std::to_string(::getpid());
  std::error_code error;
  fs::remove_all(partial, error);
  fs::create_directories(partial, error);
  if (error) {
    throw std::runtime_error("cannot make the folder " + partial.string() + ": " + error.message());
  }
  const std::vector<std::string> words = default_text_words();
  if (tokenizer == "wordpiece") {
    write_word_piece_vocabulary(partial, words);
  } else {
    write_bpe_vocabulary(partial, words, merges);
  }
  fs::rename(partial, folder, error);
  if (error && !fs::exists(folder)) {  // Another process may have been first.
    throw std::runtime_error("cannot move " + partial.string() + " to " + folder.string() + ": " +
                             error.message());
  }
  fs::remove_all(partial, error);
  return folder;
}

}  // namespace model_search
