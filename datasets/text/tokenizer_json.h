// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "datasets/text/added_vocabulary.h"
#include "datasets/text/sequence_tokens.h"
#include "datasets/text/vocabulary.h"
#include "datasets/text/word_piece.h"

namespace model_search {

/// What a `tokenizer.json`, or the files of a vocabulary alone, say.
struct TokenizerFile {
  std::string kind;       ///< "wordpiece" or "bpe"
  bool complete = false;  ///< a `tokenizer.json`; else only `vocabulary` and `merges` are set
  Vocabulary vocabulary;
  std::vector<std::pair<std::string, std::string>> merges;
  std::optional<std::string> unknown;
  WordPieceRules rules;
  std::optional<bool> strip_accents;  ///< where it does not follow lower case
  bool add_prefix_space = false;
  std::vector<std::pair<std::int32_t, TokenRule>> added;  ///< with the file's ids
  SequenceTokens sequence;                                ///< without its padding
  std::optional<std::string> padding;
};

/// Reads Hugging Face's `tokenizer.json`: WordPiece with BERT's normalizer and pre-tokenizer, or
/// BPE with the byte-level one. The lengths of its sections `truncation` and `padding` do not
/// count, because callers choose lengths. Throws std::runtime_error, without the file's name, that
/// names the key, its value and the choices where the file asks for something else.
[[nodiscard]] TokenizerFile parse_tokenizer_json(std::string_view text);

/// An id of a vocabulary's JSON; throws std::runtime_error that names the token and the value where
/// it is not a whole number of at least 0.
[[nodiscard]] std::int32_t read_id(const std::string& token, const nlohmann::json& id);

/// The rule of an object with Hugging Face's keys of an added token. `special`: where it does not
/// say it. Throws std::runtime_error that names the key where a value has another type.
[[nodiscard]] TokenRule read_rule(const nlohmann::json& token, bool special);

/// "'KEY' is VALUE; supported: CHOICES".
[[nodiscard]] std::runtime_error unsupported(const std::string& key, const nlohmann::json& value,
                                             const std::string& choices);

}  // namespace model_search
