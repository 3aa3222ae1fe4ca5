// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "datasets/text/added_tokens.h"
#include "datasets/text/sequence_tokens.h"
#include "datasets/text/tokenizer.h"
#include "datasets/text/vocabulary.h"

namespace model_search {

/// BERT's rules.
struct WordPieceRules {
  bool clean_text = true;         ///< drops control characters, makes white space blanks
  bool handle_ideographs = true;  ///< sets blanks around Chinese characters
  bool strip_accents = true;
  bool lower_case = true;
  std::string continuation = "##";  ///< before a piece that does not start its word
  std::size_t longest_word = 100;   ///< characters; a longer one is unknown
};

/// WordPiece as BERT uses it: normalizes a text, splits it at white space and punctuation, and
/// turns each word into the longest pieces of the vocabulary, from its left. Devlin et al. 2019,
/// arXiv 1810.04805. Throws std::runtime_error that names an added token of which normalizing
/// leaves nothing, and two that it makes equal.
[[nodiscard]] std::unique_ptr<const Tokenizer> make_word_piece(Vocabulary vocabulary,
                                                               std::int32_t unknown,
                                                               WordPieceRules rules,
                                                               const AddedTokenLists& added,
                                                               SequenceTokens sequence);

}  // namespace model_search
