// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

namespace model_search {

/// Writes `folder/vocab.txt`: BERT's special tokens, each character of the words alone and as a
/// continuation, then the lower-case words, so that WordPiece finds each of them whole.
void write_word_piece_vocabulary(const std::filesystem::path& folder,
                                 std::span<const std::string> words);

/// Writes `folder/vocab.json` and `merges.txt`: RoBERTa's special tokens, the 256 bytes, and the
/// results of at most `merges` merges. Each merge joins the pair that is most frequent in the words
/// (of equally frequent ones, the first in byte order); each word counts once with a blank before
/// it and once without. After Sennrich et al. 2016, arXiv 1508.07909. The same words give the same
/// files.
void write_bpe_vocabulary(const std::filesystem::path& folder, std::span<const std::string> words,
                          std::size_t merges);

}  // namespace model_search
