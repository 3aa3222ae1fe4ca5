// SPDX-License-Identifier: Apache-2.0
#include "datasets/text/train_vocabulary.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "datasets/files/file_bytes.h"
#include "datasets/text/byte_level_bpe.h"
#include "datasets/text/unicode.h"

namespace model_search {
namespace {

using Symbols = std::vector<std::uint32_t>;  ///< indices into a list of tokens

void write_text(const std::filesystem::path& path, const std::string& text) {
  write_file(path, std::as_bytes(std::span(text.data(), text.size())));
}

std::set<std::string> characters_of(std::span<const std::string> words) {
  std::set<std::string> characters;
  for (const std::string& word : words) {
    for (std::size_t position = 0; position < word.size();) {
      std::string character;
      append_utf8(next_character(word, position), character);
      characters.insert(character);
    }
  }
  return characters;
}

std::uint64_t key_of(std::uint32_t left, std::uint32_t right) {
  return (std::uint64_t{left} << 32U) | right;
}

/// The pair that occurs most often, at least twice; of equally frequent ones, the first in byte
/// order of its parts. 0 if that pair does not occur.
std::uint64_t most_frequent(const std::vector<Symbols>& words,
                            const std::vector<std::string>& tokens) {
  std::unordered_map<std::uint64_t, std::size_t> counts;
  for (const Symbols& word : words) {
    for (std::size_t i = 0; i + 1 < word.size(); ++i) ++counts[key_of(word[i], word[i + 1])];
  }
  const auto parts = [&](std::uint64_t pair) {
    return std::tie(tokens[pair >> 32U], tokens[pair & 0xffffffffU]);
  };
  std::uint64_t best = 0;
  std::size_t most = 1;
  for (const auto& [pair, count] : counts) {
    if (count > most || (count == most && best != 0 && parts(pair) < parts(best))) {
      best = pair;
      most = count;
    }
  }
  return best;
}

void merge_in(Symbols& word, std::uint64_t pair, std::uint32_t merged) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < word.size(); ++i) {
    const bool found = i + 1 < word.size() && key_of(word[i], word[i + 1]) == pair;
    word[kept++] = found ? merged : word[i];
    if (found) ++i;
  }
  word.resize(kept);
}

}  // namespace

void write_word_piece_vocabulary(const std::filesystem::path& folder,
                                 std::span<const std::string> words) {
  std::vector<std::string> tokens{"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"};
  std::set<std::string> known(tokens.begin(), tokens.end());
  const auto add = [&](const std::string& token) {
    if (known.insert(token).second) tokens.push_back(token);
  };
  const std::set<std::string> characters = characters_of(words);
  for (const std::string& character : characters) add(character);
  for (const std::string& character : characters) add("##" + character);
  for (const std::string& word : words) {
    // The rules make everything lower case: other spellings would never be found.
    if (std::ranges::none_of(word, [](char c) { return c >= 'A' && c <= 'Z'; })) add(word);
  }
  std::string text;
  for (const std::string& token : tokens) text += token + "\n";
  write_text(folder / "vocab.txt", text);
}

void write_bpe_vocabulary(const std::filesystem::path& folder, std::span<const std::string> words,
                          std::size_t merges) {
  std::vector<std::string> tokens{"<s>", "<pad>", "</s>", "<unk>"};
  const auto first_byte = static_cast<std::uint32_t>(tokens.size());
  tokens.insert(tokens.end(), byte_letters().begin(), byte_letters().end());
  std::map<std::string, std::uint32_t> known;
  for (std::uint32_t id = 0; id < tokens.size(); ++id) known[tokens[id]] = id;
  std::vector<Symbols> symbols;
  for (const std::string& word : words) {
    for (const std::string& spelling : {word, " " + word}) {
      Symbols& bytes = symbols.emplace_back();
      for (const char byte : spelling) {
        bytes.push_back(first_byte + static_cast<unsigned char>(byte));
      }
    }
  }
  std::string merge_lines = "#version: 0.2\n";
  for (std::size_t i = 0; i < merges; ++i) {
    const std::uint64_t pair = most_frequent(symbols, tokens);
    if (pair == 0) break;
    const std::string left = tokens[pair >> 32U];
    const std::string right = tokens[pair & 0xffffffffU];
    const auto [token, added] =
        known.try_emplace(left + right, static_cast<std::uint32_t>(tokens.size()));
    if (added) tokens.push_back(left + right);
    for (Symbols& word : symbols) merge_in(word, pair, token->second);
    merge_lines += left + " " + right + "\n";
  }
  tokens.emplace_back("<mask>");
  nlohmann::json ids = nlohmann::json::object();
  for (std::size_t id = 0; id < tokens.size(); ++id) ids[tokens[id]] = id;
  write_text(folder / "vocab.json", ids.dump());
  write_text(folder / "merges.txt", merge_lines);
}

}  // namespace model_search
