// SPDX-License-Identifier: Apache-2.0
#include "datasets/text/tokenizer_json.h"

#include <limits>

#include "datasets/files/json_text.h"

namespace model_search {
namespace {

using nlohmann::json;

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

/// Texts are cut off and padded at their end.
void require_right(const json& file, const char* section) {
  const auto found = file.find(section);
  if (found == file.end() || found->is_null()) return;
  const std::string direction = found->value("direction", "Right");
  if (direction != "Right") {
    throw unsupported(std::string(section) + ".direction", direction, "Right");
  }
}

Vocabulary read_vocabulary(const json& model) {
  const json& entries = model.at("vocab");
  if (!entries.is_object()) throw unsupported("model.vocab", entries.type_name(), "an object");
  Vocabulary vocabulary;
  for (const auto& [token, id] : entries.items()) vocabulary.add(token, read_id(token, id));
  return vocabulary;
}

void read_added_tokens(const json& file, TokenizerFile& result) {
  const auto found = file.find("added_tokens");
  if (found == file.end()) return;
  for (const json& entry : *found) {
    TokenRule rule = read_rule(entry, false);
    if (rule.content.empty()) throw unsupported("added_tokens.content", "", "a text");
    result.added.emplace_back(read_id(rule.content, entry.at("id")), std::move(rule));
  }
}

/// Adds a special token of the post-processor to its side of the sequence.
void append(TokenizerFile& result, std::vector<std::int32_t>& side, const std::string& token,
            const json& id) {
  side.push_back(read_id(token, id));
  result.vocabulary.reserve(token, side.back());
}

void read_template(const json& processor, TokenizerFile& result) {
  std::size_t sequences = 0;
  for (const json& piece : processor.at("single")) {
    if (piece.contains("Sequence")) {
      ++sequences;
      continue;
    }
    const auto name = piece.at("SpecialToken").at("id").get<std::string>();
    for (const json& id : processor.at("special_tokens").at(name).at("ids")) {
      append(result, sequences > 0 ? result.sequence.after : result.sequence.before, name, id);
    }
  }
  if (sequences != 1) throw unsupported("post_processor.single", sequences, "one Sequence");
}

void read_sequence(const json& file, TokenizerFile& result) {
  const std::string type = require_type(
      file, "post_processor", {"BertProcessing", "RobertaProcessing", "TemplateProcessing"});
  const json& processor = file.at("post_processor");
  if (type == "TemplateProcessing") {
    read_template(processor, result);
    return;
  }
  const json& cls = processor.at("cls");
  const json& sep = processor.at("sep");
  append(result, result.sequence.before, cls.at(0).get<std::string>(), cls.at(1));
  append(result, result.sequence.after, sep.at(0).get<std::string>(), sep.at(1));
}

void read_word_piece(const json& file, TokenizerFile& result) {
  const json& model = file.at("model");
  require_type(file, "normalizer", {"BertNormalizer"});
  require_type(file, "pre_tokenizer", {"BertPreTokenizer"});
  const json& normalizer = file.at("normalizer");
  WordPieceRules& rules = result.rules;
  rules.clean_text = normalizer.value("clean_text", true);
  rules.handle_ideographs = normalizer.value("handle_chinese_chars", true);
  rules.lower_case = normalizer.value("lowercase", true);
  const auto strip = normalizer.find("strip_accents");
  if (strip != normalizer.end() && !strip->is_null()) result.strip_accents = strip->get<bool>();
  rules.strip_accents = result.strip_accents.value_or(rules.lower_case);
  rules.continuation = model.value("continuing_subword_prefix", rules.continuation);
  rules.longest_word = model.value("max_input_chars_per_word", rules.longest_word);
  result.unknown = model.value("unk_token", "[UNK]");
}

void read_bpe(const json& file, TokenizerFile& result) {
  const json& model = file.at("model");
  require_type(file, "normalizer", {"null"});
  require_type(file, "pre_tokenizer", {"ByteLevel"});
  for (const char* key : {"dropout", "continuing_subword_prefix", "end_of_word_suffix",
                          "byte_fallback", "ignore_merges"}) {
    require_unset(model, key);
  }
  if (model.contains("unk_token") && model.at("unk_token").is_string()) {
    result.unknown = model.at("unk_token").get<std::string>();
    require_unset(model, "fuse_unk");
  }
  const json& splitting = file.at("pre_tokenizer");
  if (!splitting.value("use_regex", true)) {
    throw unsupported("pre_tokenizer.use_regex", false, "true");
  }
  result.add_prefix_space = splitting.value("add_prefix_space", true);
  for (const json& merge : model.at("merges")) {
    if (merge.is_array()) {
      result.merges.emplace_back(merge.at(0).get<std::string>(), merge.at(1).get<std::string>());
      continue;
    }
    const auto text = merge.get<std::string>();
    const std::size_t blank = text.find(' ');
    if (blank == std::string::npos) throw unsupported("model.merges", merge, "two tokens");
    result.merges.emplace_back(text.substr(0, blank), text.substr(blank + 1));
  }
}

}  // namespace

std::runtime_error unsupported(const std::string& key, const json& value,
                               const std::string& choices) {
  return std::runtime_error("'" + shortened(key) + "' is " + excerpt(value) +
                            "; supported: " + choices);
}

std::int32_t read_id(const std::string& token, const json& id) {
  if (id.is_number_integer() && id.get<std::int64_t>() >= 0 &&
      id.get<std::int64_t>() < std::numeric_limits<std::int32_t>::max()) {
    return id.get<std::int32_t>();
  }
  throw unsupported("id of '" + token + "'", id, "whole numbers from 0 to 2147483646");
}

TokenRule read_rule(const json& token, bool special) {
  TokenRule rule{.content = token.at("content").get<std::string>()};
  rule.special = token.value("special", special);
  if (token.contains("normalized")) rule.normalized = token.at("normalized").get<bool>();
  rule.strip_left = token.value("lstrip", false);
  rule.strip_right = token.value("rstrip", false);
  rule.single_word = token.value("single_word", false);
  return rule;
}

TokenizerFile parse_tokenizer_json(std::string_view text) {
  const json file = parse_json(text);
  if (!file.is_object() || !file.contains("model")) {
    throw std::runtime_error("'model' is missing: this is not a tokenizer.json");
  }
  TokenizerFile result;
  result.complete = true;
  std::string type = type_of(file, "model");
  // Old files do not name it.
  if (type == "none") type = file.at("model").contains("merges") ? "BPE" : "WordPiece";
  result.kind = type == "WordPiece" ? "wordpiece" : "bpe";
  if (type == "WordPiece") {
    read_word_piece(file, result);
  } else if (type == "BPE") {
    read_bpe(file, result);
  } else {
    throw unsupported("model.type", type, "WordPiece, BPE");
  }
  require_right(file, "truncation");
  require_right(file, "padding");
  result.vocabulary = read_vocabulary(file.at("model"));
  read_added_tokens(file, result);
  read_sequence(file, result);
  if (const auto found = file.find("padding"); found != file.end() && found->is_object()) {
    result.padding = found->value("pad_token", "[PAD]");
  }
  return result;
}

}  // namespace model_search
