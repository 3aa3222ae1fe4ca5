// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "datasets/text/added_tokens.h"
#include "datasets/text/vocabulary.h"

namespace model_search {

/// An added token as files describe it, without an id.
struct TokenRule {
  std::string content;
  bool strip_left = false;
  bool strip_right = false;
  bool single_word = false;
  bool special = true;
  std::optional<bool> normalized{};  ///< as a file states it

  /// Whether it is found in the normalized text, not in the raw one.
  [[nodiscard]] bool in_normalized() const { return normalized.value_or(!special); }
};

/// The tokens that are added to a vocabulary, and their ids, by the rules of `tokenizers`
/// (added_vocabulary.rs): a token of the vocabulary keeps its id, and others get the next free one,
/// whatever id a file gives them.
class AddedVocabulary {
 public:
  /// `words` must outlive it.
  explicit AddedVocabulary(const Vocabulary& words) : words_(words) {}

  /// Adds tokens in their order. A token that is there already takes the new rule. Throws
  /// std::runtime_error that names two tokens of one id, which a vocabulary with repeated lines
  /// gives.
  void add(std::span<const TokenRule> tokens);

  [[nodiscard]] std::optional<std::int32_t> find(const std::string& content) const;
  /// The ids of the added tokens.
  [[nodiscard]] const std::map<std::string, std::int32_t>& ids() const { return ids_; }
  /// The tokens for a tokenizer.
  [[nodiscard]] AddedTokenLists tokens() const;

 private:
  const Vocabulary& words_;
  std::map<std::string, std::int32_t> ids_;
  std::map<std::int32_t, TokenRule> rules_;  ///< the last one of each id
  std::int32_t new_tokens_ = 0;              ///< that the vocabulary lacks
};

}  // namespace model_search
