// SPDX-License-Identifier: Apache-2.0
#include "datasets/text/added_vocabulary.h"

#include <stdexcept>

#include "datasets/files/json_text.h"

namespace model_search {

void AddedVocabulary::add(std::span<const TokenRule> tokens) {
  for (const TokenRule& token : tokens) {
    if (token.content.empty()) continue;
    const auto known = find(token.content);
    const std::int32_t id =
        known ? *known : static_cast<std::int32_t>(words_.count()) + new_tokens_++;
    const auto other = rules_.find(id);
    if (other != rules_.end() && other->second.content != token.content) {
      throw std::runtime_error("the added tokens '" + shortened(other->second.content) + "' and '" +
                               shortened(token.content) + "' get one id, " + std::to_string(id) +
                               "; supported: a vocabulary that lists each token once");
    }
    ids_[token.content] = id;
    rules_.insert_or_assign(id, token);
  }
}

std::optional<std::int32_t> AddedVocabulary::find(const std::string& content) const {
  const auto found = ids_.find(content);
  return found != ids_.end() ? found->second : words_.find(content);
}

AddedTokenLists AddedVocabulary::tokens() const {
  AddedTokenLists lists;
  for (const auto& [id, rule] : rules_) {
    (rule.in_normalized() ? lists.normalized : lists.raw)
        .push_back({.content = rule.content,
                    .id = id,
                    .strip_left = rule.strip_left,
                    .strip_right = rule.strip_right,
                    .single_word = rule.single_word});
  }
  return lists;
}

}  // namespace model_search
