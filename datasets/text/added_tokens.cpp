// SPDX-License-Identifier: Apache-2.0
#include "datasets/text/added_tokens.h"

#include <map>
#include <set>

namespace model_search {

AddedTokens::AddedTokens(const std::vector<AddedToken>& tokens) {
  std::set<std::size_t, std::greater<>> lengths;
  for (const AddedToken& token : tokens) {
    tokens_.try_emplace(token.content, token);
    lengths.insert(token.content.size());
    const char first = token.content.front();
    if (first_bytes_.find(first) == std::string::npos) first_bytes_.push_back(first);
  }
  lengths_.assign(lengths.begin(), lengths.end());
}

const AddedToken* AddedTokens::match(std::string_view text) const {
  for (const std::size_t length : lengths_) {
    if (length > text.size()) continue;
    const auto found = tokens_.find(text.substr(0, length));
    if (found != tokens_.end()) return &found->second;
  }
  return nullptr;
}

bool AddedTokens::stands_alone(std::string_view text, std::size_t begin, std::size_t end) {
  if (begin > 0) {
    std::size_t last = last_character(text.substr(0, begin));
    if (is_word(next_character(text, last))) return false;
  }
  return end == text.size() || !is_word(next_character(text, end));
}

std::size_t AddedTokens::leading_space(std::string_view text) {
  std::size_t position = 0;
  while (position < text.size()) {
    std::size_t after = position;
    if (!is_space(next_character(text, after))) break;
    position = after;
  }
  return position;
}

void AddedTokens::describe(Fingerprint& fingerprint) const {
  const std::map<std::string, AddedToken> ordered(tokens_.begin(), tokens_.end());
  for (const auto& [content, token] : ordered) {
    fingerprint.add(content);
    fingerprint.add(static_cast<std::uint64_t>(token.id));
    fingerprint.add((token.strip_left ? 1U : 0U) + (token.strip_right ? 2U : 0U) +
                    (token.single_word ? 4U : 0U));
  }
  fingerprint.add("|");
}

}  // namespace model_search
