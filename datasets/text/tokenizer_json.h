// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "datasets/text/tokenizer.h"

namespace model_search {

/// A tokenizer of Hugging Face's `tokenizer.json`: WordPiece with BERT's normalizer and
/// pre-tokenizer, or BPE with the byte-level one; its sections `truncation` and `padding` are
/// ignored. Throws std::runtime_error, without the file's name, that names the key, its value and
/// the choices where the file asks for something else.
[[nodiscard]] std::unique_ptr<const Tokenizer> parse_tokenizer_json(std::string_view text);

/// An id of a vocabulary's JSON; throws std::runtime_error that names the token and the value where
/// it is not a whole number of at least 0.
[[nodiscard]] std::int32_t read_id(const std::string& token, const nlohmann::json& id);

}  // namespace model_search
