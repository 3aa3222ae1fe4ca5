// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "datasets/files/file_bytes.h"
#include "datasets/text/byte_level_bpe.h"
#include "datasets/text/tokenizer.h"
#include "datasets/text/tokenizer_json.h"
#include "datasets/text/word_piece.h"

namespace model_search {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::string read_text(const fs::path& path) {
  std::vector<std::byte> bytes;
  read_file(path, bytes);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Lines without their ends; the last one may lack its own.
std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    std::size_t end = text.find('\n', begin);
    if (end == std::string::npos) end = text.size();
    std::string line = text.substr(begin, end - begin);
    if (line.ends_with('\r')) line.pop_back();
    lines.push_back(std::move(line));
    begin = end + 1;
  }
  return lines;
}

/// The id of a special token; throws where the vocabulary lacks it.
std::int32_t special_id(const Vocabulary& vocabulary, const std::string& token) {
  if (const auto id = vocabulary.find(token)) return *id;
  throw std::runtime_error("the vocabulary has no '" + token + "'");
}

AddedTokens special_tokens(const Vocabulary& vocabulary, const std::vector<std::string>& names,
                           const std::string& strips_left) {
  std::vector<AddedToken> tokens;
  for (const std::string& name : names) {
    if (const auto id = vocabulary.find(name)) {
      tokens.push_back({.content = name, .id = *id, .strip_left = name == strips_left});
    }
  }
  return AddedTokens(std::move(tokens));
}

/// BERT's rules with the changes of a tokenizer_config.json next to the vocabulary.
WordPieceRules word_piece_rules(const fs::path& vocabulary) {
  WordPieceRules rules;
  const fs::path path = vocabulary.parent_path() / "tokenizer_config.json";
  if (!fs::exists(path)) return rules;
  try {
    const json config = json::parse(read_text(path));
    rules.lower_case = config.value("do_lower_case", true);
    rules.handle_ideographs = config.value("tokenize_chinese_chars", true);
    const auto strip = config.find("strip_accents");
    rules.strip_accents =
        strip == config.end() || strip->is_null() ? rules.lower_case : strip->get<bool>();
  } catch (const json::exception& error) {
    throw std::runtime_error(path.string() + ": " + error.what());
  }
  return rules;
}

std::unique_ptr<const Tokenizer> load_word_piece(const fs::path& path) {
  Vocabulary vocabulary;
  std::int32_t id = 0;
  for (const std::string& line : lines_of(read_text(path))) {
    if (!vocabulary.add(line, id)) {
      throw std::runtime_error("line " + std::to_string(id + 1) + ": '" + line + "' occurs twice");
    }
    ++id;
  }
  SequenceTokens sequence;
  const std::int32_t unknown = special_id(vocabulary, "[UNK]");
  sequence.before = {special_id(vocabulary, "[CLS]")};
  sequence.after = {special_id(vocabulary, "[SEP]")};
  sequence.padding = special_id(vocabulary, "[PAD]");
  AddedTokens added =
      special_tokens(vocabulary, {"[UNK]", "[SEP]", "[PAD]", "[CLS]", "[MASK]"}, "");
  return make_word_piece(std::move(vocabulary), unknown, word_piece_rules(path), std::move(added),
                         std::move(sequence));
}

std::vector<std::pair<std::string, std::string>> read_merges(const fs::path& path) {
  std::vector<std::pair<std::string, std::string>> merges;
  std::size_t number = 0;
  for (const std::string& line : lines_of(read_text(path))) {
    ++number;
    if (line.starts_with("#version") || line.empty()) continue;
    const std::size_t blank = line.find(' ');
    if (blank == 0 || blank == std::string::npos || blank + 1 == line.size() ||
        line.find(' ', blank + 1) != std::string::npos) {
      throw std::runtime_error(path.string() + ": line " + std::to_string(number) + ", '" + line +
                               "', is not a pair of tokens");
    }
    merges.emplace_back(line.substr(0, blank), line.substr(blank + 1));
  }
  return merges;
}

std::unique_ptr<const Tokenizer> load_bpe(const fs::path& path) {
  Vocabulary vocabulary;
  try {
    const json tokens = json::parse(read_text(path));
    for (const auto& [token, id] : tokens.items()) vocabulary.add(token, read_id(token, id));
  } catch (const json::exception& error) {
    throw std::runtime_error(error.what());
  }
  SequenceTokens sequence;
  sequence.before = {special_id(vocabulary, "<s>")};
  sequence.after = {special_id(vocabulary, "</s>")};
  sequence.padding = special_id(vocabulary, "<pad>");
  AddedTokens added =
      special_tokens(vocabulary, {"<s>", "<pad>", "</s>", "<unk>", "<mask>"}, "<mask>");
  return make_byte_level_bpe(std::move(vocabulary), read_merges(path.parent_path() / "merges.txt"),
                             std::nullopt, false, std::move(added), std::move(sequence));
}

/// The file of a folder that defines its tokenizer.
fs::path find_in(const fs::path& folder) {
  for (const char* name : {"tokenizer.json", "vocab.txt"}) {
    if (fs::exists(folder / name)) return folder / name;
  }
  if (fs::exists(folder / "vocab.json") && fs::exists(folder / "merges.txt")) {
    return folder / "vocab.json";
  }
  throw std::runtime_error("the folder '" + folder.string() +
                           "' has no tokenizer; expected: tokenizer.json, vocab.txt, or "
                           "vocab.json and merges.txt");
}

}  // namespace

std::unique_ptr<const Tokenizer> load_tokenizer(const fs::path& path) {
  std::error_code error;
  const fs::path file = fs::is_directory(path, error) ? find_in(path) : path;
  try {
    if (file.extension() == ".txt") return load_word_piece(file);
    if (file.filename() == "vocab.json") return load_bpe(file);
    if (file.extension() == ".json") return parse_tokenizer_json(read_text(file));
  } catch (const std::runtime_error& failure) {
    const std::string what = failure.what();
    // Some errors name their file already: this one, or one next to it.
    for (const fs::path& named :
         {file, file.parent_path() / "merges.txt", file.parent_path() / "tokenizer_config.json"}) {
      if (what.find(named.string()) != std::string::npos) throw;
    }
    throw std::runtime_error(file.string() + ": " + what);
  }
  throw std::runtime_error(
      "'" + path.string() +
      "' is not a tokenizer: expected tokenizer.json, vocab.txt, vocab.json, or "
      "a folder with them");
}

}  // namespace model_search
