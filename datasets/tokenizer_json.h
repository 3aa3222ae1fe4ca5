// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>

#include "datasets/tokenizer.h"

namespace model_search {

/// A tokenizer of Hugging Face's `tokenizer.json`: WordPiece with BERT's normalizer and
/// pre-tokenizer, or BPE with the byte-level one; its sections `truncation` and `padding` say
/// nothing here. Throws std::runtime_error, without the file's name, that names the key, its value
/// and the choices where the file asks for something else.
[[nodiscard]] std::unique_ptr<const Tokenizer> parse_tokenizer_json(std::string_view text);

}  // namespace model_search
