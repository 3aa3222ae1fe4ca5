// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "datasets/text/added_tokens.h"
#include "datasets/text/sequence_tokens.h"
#include "datasets/text/tokenizer.h"
#include "datasets/text/vocabulary.h"

namespace model_search {

/// The characters that stand for the 256 bytes in a byte-level vocabulary (GPT-2's): printable
/// ones for themselves, the others for characters from U+0100 on.
[[nodiscard]] const std::array<std::string, 256>& byte_letters();

/// Byte-level BPE as GPT-2 and RoBERTa use it: split by GPT-2's regular expression, the bytes of
/// each word merged pair by pair, the pair of the lowest rank first. Radford et al. 2019; Sennrich
/// et al. 2016, arXiv 1508.07909. `merges` in the order of their ranks. `unknown`: for bytes that
/// the vocabulary lacks; without it they are left out. Throws std::runtime_error that names a merge
/// whose parts or result are not in the vocabulary.
[[nodiscard]] std::unique_ptr<const Tokenizer> make_byte_level_bpe(
    Vocabulary vocabulary, const std::vector<std::pair<std::string, std::string>>& merges,
    std::optional<std::int32_t> unknown, bool add_prefix_space, const AddedTokenLists& added,
    SequenceTokens sequence);

/// Length in bytes of the first word of a text that is not empty: GPT-2's
/// 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
[[nodiscard]] std::size_t first_word(std::string_view text);

}  // namespace model_search
