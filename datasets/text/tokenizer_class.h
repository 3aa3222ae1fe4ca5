// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "datasets/text/tokenizer.h"
#include "datasets/text/tokenizer_json.h"
#include "datasets/text/tokenizer_settings.h"

namespace model_search {

/// The tokenizer that transformers' AutoTokenizer makes from these files for a network of BERT's
/// kind (WordPiece) or RoBERTa's (byte-level BPE).
///
/// BertTokenizer and RobertaTokenizer take the vocabulary and the merges from a `tokenizer.json`
/// and everything else from the settings, with defaults of their own; TokenizersBackend (formerly
/// PreTrainedTokenizerFast), and `tokenizers` for a file without settings, take all of it. Throws
/// std::runtime_error that names the key where the class drops what the file says, although the
/// settings do not say anything else, and where the class is another one.
[[nodiscard]] std::unique_ptr<const Tokenizer> make_tokenizer(TokenizerFile file,
                                                              const TokenizerSettings& settings);

}  // namespace model_search
