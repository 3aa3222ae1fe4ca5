// SPDX-License-Identifier: Apache-2.0
#include "datasets/text/tokenizer_settings.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "datasets/files/json_text.h"
#include "datasets/text/text_file.h"
#include "datasets/text/tokenizer_json.h"

namespace model_search {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

bool is_special_key(std::string_view key) {
  return std::ranges::find(special_token_keys, key) != special_token_keys.end();
}

/// The value of `key` where it is there and not null.
std::optional<bool> flag(const json& config, const char* key) {
  const auto found = config.find(key);
  if (found == config.end() || found->is_null()) return std::nullopt;
  if (!found->is_boolean()) throw unsupported(key, *found, "true, false");
  return found->get<bool>();
}

TokenRule text_token(const json& text) {
  return {.content = text.get<std::string>()};
}

/// A token of tokenizer_config.json: a text, or an object that says that it is an AddedToken.
TokenRule config_token(const std::string& key, const json& value) {
  if (value.is_string()) return text_token(value);
  if (value.is_object() && value.value("__type", "") == "AddedToken") {
    return read_rule(value, false);
  }
  throw unsupported(key, value, R"(a text, {"__type": "AddedToken", "content": …})");
}

/// A token of special_tokens_map.json, where an object needs no type and is special.
TokenRule map_token(const std::string& key, json value) {
  if (value.is_string()) return text_token(value);
  if (!value.is_object()) throw unsupported(key, value, R"(a text, {"content": …})");
  value.erase("special");
  return read_rule(value, true);
}

template <typename Read>
std::vector<TokenRule> list_of(const std::string& key, const json& value, const Read& read) {
  if (!value.is_array()) throw unsupported(key, value, "a list of tokens");
  std::vector<TokenRule> tokens;
  for (const json& token : value) tokens.push_back(read(key, token));
  return tokens;
}

/// Refuses what changes ids and is not supported. Keys that are not named here have no effect on
/// the ids that a fast tokenizer gives.
void refuse_unsupported(const json& config) {
  for (const auto& [key, value] : config.items()) {
    const bool unset = value.is_null() || value == json(false) || value.empty();
    if (key == "truncation_side" || key == "padding_side") {
      if (value != "right") throw unsupported(key, value, "right");
    } else if (key == "split_special_tokens") {
      if (!unset) throw unsupported(key, value, "false");
    } else if (key == "init_inputs" || key == "fast_tokenizer_files" || key == "vocab" ||
               key == "merges" || key == "post_processor" || key == "tokenizer_object" ||
               key == "tokenizer_truncation" || key == "tokenizer_padding" ||
               key == "model_specific_special_tokens") {
      if (!unset) throw unsupported(key, value, "none");
    } else if (key.ends_with("_token") && !is_special_key(key) &&
               (value.is_string() || value.is_object())) {
      throw unsupported(key, value,
                        "bos_token, eos_token, unk_token, sep_token, pad_token, cls_token and "
                        "mask_token, or extra_special_tokens");
    }
  }
}

/// The contents by which a token of added_tokens.json is special: those of special_tokens_map.json,
/// and those that tokenizer_config.json gives as texts. By key; extra tokens have their content.
using SpecialContents = std::map<std::string, std::string>;

void read_config(const json& config, TokenizerSettings& settings, SpecialContents& special) {
  refuse_unsupported(config);
  if (const auto found = config.find("tokenizer_class");
      found != config.end() && !found->is_null()) {
    settings.tokenizer_class = found->get<std::string>();
    if (settings.tokenizer_class.ends_with("Fast"))
      settings.tokenizer_class.resize(settings.tokenizer_class.size() - 4);
  }
  settings.lower_case = flag(config, "do_lower_case");
  settings.handle_ideographs = flag(config, "tokenize_chinese_chars");
  settings.strip_accents = flag(config, "strip_accents");
  settings.strip_accents_stated = config.contains("strip_accents");
  settings.add_prefix_space = flag(config, "add_prefix_space");
  for (const auto& [key, value] : config.items()) {
    if (is_special_key(key)) {
      settings.named[key] =
          value.is_null() ? std::nullopt : std::optional(config_token(key, value));
      if (value.is_string()) special[key] = value;
    }
  }
  for (const char* key : {"additional_special_tokens", "extra_special_tokens"}) {
    const auto found = config.find(key);
    // The newer name counts where both are there.
    if (found != config.end() && !found->is_null()) {
      settings.extra = list_of(key, *found, config_token);
      for (const json& token : *found) {
        if (token.is_string()) special[token] = token;
      }
    }
  }
  const auto decoder = config.find("added_tokens_decoder");
  if (decoder == config.end()) return;
  settings.decoder = true;
  for (const auto& [text, token] : decoder->items()) {
    std::int64_t id = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (error != std::errc{} || end != text.data() + text.size()) {
      throw unsupported("added_tokens_decoder", text, "whole numbers as ids");
    }
    settings.listed[id] = read_rule(token, false);
  }
}

/// Reads special_tokens_map.json. Its `additional_special_tokens` go to `additional`: they are the
/// extra tokens where nothing else is, but not for added_tokens.json.
void read_map(const json& map, TokenizerSettings& settings, SpecialContents& special,
              std::optional<std::vector<TokenRule>>& additional) {
  for (const auto& [key, value] : map.items()) {
    if (is_special_key(key)) {
      auto& token = settings.named[key];
      token = value.is_null() ? std::nullopt : std::optional(map_token(key, value));
      special[key] = token ? token->content : "";
    } else if (key == "additional_special_tokens") {
      additional = list_of(key, value, config_token);
    } else if (key == "extra_special_tokens") {
      if (!settings.extra) settings.extra.emplace();
      for (TokenRule& token : list_of(key, value, map_token)) {
        special[token.content] = token.content;
        settings.extra->push_back(std::move(token));
      }
    } else {
      throw unsupported(key, value,
                        "bos_token, eos_token, unk_token, sep_token, pad_token, cls_token, "
                        "mask_token, additional_special_tokens, extra_special_tokens");
    }
  }
}

void read_added(const json& added, const SpecialContents& special, TokenizerSettings& settings) {
  std::set<std::string> contents;
  for (const auto& [key, content] : special) contents.insert(content);
  for (const auto& [content, id] : added.items()) {
    const bool is_special = contents.contains(content);
    TokenRule rule{.content = content, .special = is_special, .normalized = !is_special};
    if (!settings.listed.emplace(read_id(content, id), std::move(rule)).second) {
      throw unsupported("id of '" + content + "'", id, "an id of its own for each token");
    }
  }
}

}  // namespace

TokenizerSettings read_tokenizer_settings(const fs::path& folder) {
  TokenizerSettings settings;
  const auto read = [&](const char* name, const auto& apply) {
    const fs::path path = folder / name;
    if (!fs::exists(path)) return;
    settings.found = true;
    if (settings.decoder) return;
    parse_file(path, [&](const std::string& text) {
      const json values = parse_json(text);
      if (!values.is_object()) throw unsupported("the whole", values.type_name(), "an object");
      apply(values);
    });
  };
  SpecialContents special;
  std::optional<std::vector<TokenRule>> additional;
  read("tokenizer_config.json",
       [&](const json& values) { read_config(values, settings, special); });
  read("special_tokens_map.json",
       [&](const json& values) { read_map(values, settings, special, additional); });
  read("added_tokens.json", [&](const json& values) { read_added(values, special, settings); });
  if (!settings.extra) settings.extra = std::move(additional);
  return settings;
}

}  // namespace model_search
