// SPDX-License-Identifier: Apache-2.0
#include "datasets/text/tokenizer_json.h"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "datasets/text/byte_level_bpe.h"
#include "datasets/text/word_piece.h"

namespace model_search {
namespace {

using nlohmann::json;

std::runtime_error unsupported(const std::string& key, const json& value,
                               const std::string& choices) {
  return std::runtime_error("'" + key + "' is " + value.dump() + "; supported: " + choices);
}

/// A section's `type`; "null" where there is none.
std::string type_of(const json& file, const char* section) {
  const auto found = file.find(section);
  if (found == file.end() || found->is_null()) return "null";
  return found->value("type", "none");
}

std::string require_type(const json& file, const char* section,
                         const std::vector<std::string>& choices) {
  const std::string type = type_of(file, section);
  std::string list;
  for (const std::string& choice : choices) {
    if (type == choice) return type;
    list += (list.empty() ? "" : ", ") + choice;
  }
  throw unsupported(std::string(section) + ".type", type, list);
}

/// Refuses a setting of the model that would change its ids.
void require_unset(const json& model, const char* key) {
  const auto found = model.find(key);
  if (found == model.end() || found->is_null()) return;
  const bool unset = (found->is_boolean() && !found->get<bool>()) ||
                     (found->is_string() && found->get<std::string>().empty()) ||
                     (found->is_number() && found->get<double>() == 0);
  if (!unset) throw unsupported(std::string("model.") + key, *found, "null");
}

Vocabulary read_vocabulary(const json& model) {
  const json& entries = model.at("vocab");
  if (!entries.is_object()) throw unsupported("model.vocab", entries.type_name(), "an object");
  Vocabulary vocabulary;
  for (const auto& [token, id] : entries.items()) vocabulary.add(token, read_id(token, id));
  return vocabulary;
}

/// Added tokens are found in the raw text only; they are not pieces of words.
std::vector<AddedToken> read_added_tokens(const json& file, Vocabulary& vocabulary) {
  std::vector<AddedToken> tokens;
  const json entries = file.value("added_tokens", json::array());
  for (const json& entry : entries) {
    AddedToken token{.content = entry.at("content").get<std::string>(),
                     .id = read_id("added_tokens", entry.at("id")),
                     .strip_left = entry.value("lstrip", false),
                     .strip_right = entry.value("rstrip", false)};
    if (token.content.empty()) throw unsupported("added_tokens.content", "", "a text");
    if (entry.value("single_word", false)) {
      throw unsupported("added_tokens['" + token.content + "'].single_word", true, "false");
    }
    // Without a normalizer it changes nothing.
    if (entry.value("normalized", false) && type_of(file, "normalizer") != "null") {
      throw unsupported("added_tokens['" + token.content + "'].normalized", true, "false");
    }
    vocabulary.reserve(token.id);
    tokens.push_back(std::move(token));
  }
  return tokens;
}

/// The id of a token that the rules need.
std::int32_t special_id(const Vocabulary& vocabulary, const std::vector<AddedToken>& added,
                        const std::string& name) {
  const auto found = std::ranges::find(added, name, &AddedToken::content);
  if (found != added.end()) return found->id;
  if (const auto id = vocabulary.find(name)) return *id;
  throw std::runtime_error("the vocabulary has no '" + name + "'");
}

/// The ids of a token that a template names.
void append_template_token(const json& processor, const json& piece,
                           std::vector<std::int32_t>& ids) {
  const std::string name = piece.at("SpecialToken").at("id").get<std::string>();
  for (const json& id : processor.at("special_tokens").at(name).at("ids")) {
    ids.push_back(id.get<std::int32_t>());
  }
}

SequenceTokens read_sequence(const json& file, std::int32_t padding) {
  SequenceTokens sequence;
  const std::string type = require_type(
      file, "post_processor", {"BertProcessing", "RobertaProcessing", "TemplateProcessing"});
  const json& processor = file.at("post_processor");
  if (type == "TemplateProcessing") {
    bool after = false;
    for (const json& piece : processor.at("single")) {
      if (piece.contains("Sequence")) {
        after = true;
      } else {
        append_template_token(processor, piece, after ? sequence.after : sequence.before);
      }
    }
  } else {
    sequence.before = {processor.at("cls").at(1).get<std::int32_t>()};
    sequence.after = {processor.at("sep").at(1).get<std::int32_t>()};
  }
  sequence.padding = padding;
  return sequence;
}

std::unique_ptr<const Tokenizer> read_word_piece(const json& file) {
  const json& model = file.at("model");
  require_type(file, "normalizer", {"BertNormalizer"});
  require_type(file, "pre_tokenizer", {"BertPreTokenizer"});
  Vocabulary vocabulary = read_vocabulary(model);
  const std::vector<AddedToken> added = read_added_tokens(file, vocabulary);
  const json& normalizer = file.at("normalizer");
  WordPieceRules rules;
  rules.clean_text = normalizer.value("clean_text", true);
  rules.handle_ideographs = normalizer.value("handle_chinese_chars", true);
  rules.lower_case = normalizer.value("lowercase", true);
  const auto strip = normalizer.find("strip_accents");
  rules.strip_accents =
      strip == normalizer.end() || strip->is_null() ? rules.lower_case : strip->get<bool>();
  rules.continuation = model.value("continuing_subword_prefix", rules.continuation);
  rules.longest_word = model.value("max_input_chars_per_word", rules.longest_word);
  const std::string unknown_token = model.value("unk_token", "[UNK]");
  const std::int32_t unknown = special_id(vocabulary, added, unknown_token);
  SequenceTokens sequence = read_sequence(file, special_id(vocabulary, added, "[PAD]"));
  return make_word_piece(std::move(vocabulary), unknown, std::move(rules), AddedTokens(added),
                         std::move(sequence));
}

std::unique_ptr<const Tokenizer> read_bpe(const json& file) {
  const json& model = file.at("model");
  require_type(file, "normalizer", {"null"});
  require_type(file, "pre_tokenizer", {"ByteLevel"});
  for (const char* key : {"dropout", "continuing_subword_prefix", "end_of_word_suffix",
                          "byte_fallback", "ignore_merges"}) {
    require_unset(model, key);
  }
  const json& splitting = file.at("pre_tokenizer");
  if (!splitting.value("use_regex", true)) {
    throw unsupported("pre_tokenizer.use_regex", false, "true");
  }
  Vocabulary vocabulary = read_vocabulary(model);
  const std::vector<AddedToken> added = read_added_tokens(file, vocabulary);
  std::vector<std::pair<std::string, std::string>> merges;
  for (const json& merge : model.at("merges")) {
    if (merge.is_array()) {
      merges.emplace_back(merge.at(0).get<std::string>(), merge.at(1).get<std::string>());
      continue;
    }
    const auto text = merge.get<std::string>();
    const std::size_t blank = text.find(' ');
    if (blank == std::string::npos) throw unsupported("model.merges", merge, "two tokens");
    merges.emplace_back(text.substr(0, blank), text.substr(blank + 1));
  }
  std::optional<std::int32_t> unknown;
  if (model.contains("unk_token") && model.at("unk_token").is_string()) {
    unknown = vocabulary.find(model.at("unk_token").get<std::string>());
  }
  SequenceTokens sequence = read_sequence(file, special_id(vocabulary, added, "<pad>"));
  return make_byte_level_bpe(std::move(vocabulary), merges, unknown,
                             splitting.value("add_prefix_space", true), AddedTokens(added),
                             std::move(sequence));
}

}  // namespace

std::int32_t read_id(const std::string& token, const json& id) {
  if (id.is_number_integer() && id.get<std::int64_t>() >= 0 &&
      id.get<std::int64_t>() < std::numeric_limits<std::int32_t>::max()) {
    return id.get<std::int32_t>();
  }
  throw unsupported("id of '" + token + "'", id, "whole numbers from 0 to 2147483646");
}

std::unique_ptr<const Tokenizer> parse_tokenizer_json(std::string_view text) {
  try {
    const json file = json::parse(text);
    if (!file.is_object() || !file.contains("model")) {
      throw std::runtime_error("'model' is missing: this is not a tokenizer.json");
    }
    std::string type = type_of(file, "model");
    // Old files do not name it.
    if (type == "none") type = file.at("model").contains("merges") ? "BPE" : "WordPiece";
    if (type == "WordPiece") return read_word_piece(file);
    if (type == "BPE") return read_bpe(file);
    throw unsupported("model.type", type, "WordPiece, BPE");
  } catch (const json::exception& error) {
    throw std::runtime_error(error.what());
  }
}

}  // namespace model_search
