// SPDX-License-Identifier: Apache-2.0
#include "datasets/text/added_tokens.h"

#include <algorithm>

namespace model_search {

AddedTokens::AddedTokens(std::vector<AddedToken> tokens) : tokens_(std::move(tokens)) {
  // Longest first. Two tokens of one length cannot match at one place, so their order does not
  // matter.
  std::ranges::sort(tokens_, [](const AddedToken& a, const AddedToken& b) {
    return a.content.size() != b.content.size() ? a.content.size() > b.content.size() : a.id < b.id;
  });
  for (const AddedToken& token : tokens_) {
    const char first = token.content.front();
    if (first_bytes_.find(first) == std::string::npos) first_bytes_.push_back(first);
  }
}

const AddedToken* AddedTokens::match(std::string_view text) const {
  for (const AddedToken& token : tokens_) {
    if (text.starts_with(token.content)) return &token;
  }
  return nullptr;
}

std::size_t AddedTokens::end_without_space(std::string_view text) {
  std::size_t end = 0;
  for (std::size_t position = 0; position < text.size();) {
    if (!is_space(next_character(text, position))) end = position;
  }
  return end;
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
  for (const AddedToken& token : tokens_) {
    fingerprint.add(token.content);
    fingerprint.add(static_cast<std::uint64_t>(token.id));
    fingerprint.add((token.strip_left ? 1U : 0U) + (token.strip_right ? 2U : 0U));
  }
}

}  // namespace model_search
