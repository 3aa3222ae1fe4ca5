// SPDX-License-Identifier: Apache-2.0
#include "datasets/generated/review_expander.h"

namespace model_search {

std::string ReviewExpander::expand(std::string_view name, ReviewOpinion opinion) {
  const ReviewSymbol& symbol = grammar_.symbol(name);
  if (const auto written = once_.find(&symbol); written != once_.end()) return written->second;
  std::string text;
  for (const PhrasePart& part : choose(symbol, opinion)) {
    text += part.symbol.empty() ? part.text
                                : expand(part.symbol, part.flipped ? opposite(opinion) : opinion);
  }
  if (symbol.once) once_[&symbol] = text;
  return text;
}

const Phrase& ReviewExpander::choose(const ReviewSymbol& symbol, ReviewOpinion opinion) {
  const std::vector<Phrase>& phrases = symbol.phrases(opinion);
  const auto [last, first_time] = last_.try_emplace(&symbol, 0);
  if (first_time || phrases.size() == 1)
    return phrases[last->second = random_.below(phrases.size())];
  // Draw from all phrases but the last one.
  const std::size_t index = random_.below(phrases.size() - 1);
  last->second = index < last->second ? index : index + 1;
  return phrases[last->second];
}

}  // namespace model_search
