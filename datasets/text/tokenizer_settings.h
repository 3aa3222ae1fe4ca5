// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "datasets/text/added_vocabulary.h"

namespace model_search {

/// The special tokens that a tokenizer's settings can name, in the order in which transformers adds
/// them.
constexpr std::array<std::string_view, 7> special_token_keys{
    "bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"};

/// What the files next to a vocabulary say: tokenizer_config.json, special_tokens_map.json and
/// added_tokens.json. As in transformers, the last two count only where the first has no
/// `added_tokens_decoder`.
struct TokenizerSettings {
  bool found = false;           ///< whether one of the files is there
  std::string tokenizer_class;  ///< without "Fast" at its end; may be empty
  std::optional<bool> lower_case;
  std::optional<bool> handle_ideographs;
  std::optional<bool> strip_accents;
  bool strip_accents_stated = false;  ///< also where it is null: as `lower_case`
  std::optional<bool> add_prefix_space;
  /// Special tokens by their key; without a value where a file has null.
  std::map<std::string, std::optional<TokenRule>, std::less<>> named;
  /// Added tokens in the order of their ids.
  std::map<std::int64_t, TokenRule> listed;
  bool decoder = false;  ///< whether `listed` is an `added_tokens_decoder`
  std::optional<std::vector<TokenRule>> extra;
};

/// Reads the settings in `folder`. Settings without effect on ids are skipped. Throws
/// std::runtime_error that names the file, the key, its value and the choices where a setting that
/// has an effect is not supported.
[[nodiscard]] TokenizerSettings read_tokenizer_settings(const std::filesystem::path& folder);

}  // namespace model_search
