// SPDX-License-Identifier: Apache-2.0
#include "datasets/generated/review_grammar.h"

#include <algorithm>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "datasets/generated/film_reviews.h"

namespace model_search {
namespace {

constexpr std::string_view kSeparator = " | ";

[[noreturn]] void refuse(std::size_t line, const std::string& problem) {
  throw std::invalid_argument("line " + std::to_string(line) + " of the grammar: " + problem);
}

Phrase parse_phrase(std::string_view text, std::size_t line) {
  Phrase phrase;
  while (!text.empty()) {
    const std::size_t open = std::min(text.find('{'), text.size());
    if (open > 0) phrase.push_back({std::string(text.substr(0, open)), "", false});
    text.remove_prefix(open);
    if (text.empty()) break;
    const std::size_t close = text.find('}');
    if (close == std::string_view::npos) {
      refuse(line, "'" + std::string(text) + "' has no closing brace; write {symbol}");
    }
    std::string_view name = text.substr(1, close - 1);
    const bool flipped = name.starts_with('!');
    if (flipped) name.remove_prefix(1);
    if (name.empty()) refuse(line, "a pair of braces is empty; name a symbol in it");
    phrase.push_back({"", std::string(name), flipped});
    text.remove_prefix(close + 1);
  }
  return phrase;
}

void add_phrases(std::string_view text, std::size_t line, std::vector<Phrase>& phrases) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  while (true) {
    const std::size_t end = text.find(kSeparator);
    const std::string_view phrase = text.substr(0, end);
    if (phrase.empty() || phrase.find('|') != std::string_view::npos) {
      refuse(line,
             "'" + std::string(phrase) + "' is not a phrase; write ' | ' between two phrases");
    }
    phrases.push_back(parse_phrase(phrase, line));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + kSeparator.size());
  }
}

/// The blocks of a symbol as they stand in the text.
struct Blocks {
  std::vector<Phrase> neutral;
  std::vector<Phrase> praise;
  std::vector<Phrase> blame;
  bool once = false;
};

/// Starts the block that a line such as "genre once:" names, and returns where its phrases go.
std::vector<Phrase>* start_block(std::string_view heading, std::size_t line,
                                 std::map<std::string, Blocks, std::less<>>& all) {
  if (!heading.ends_with(':') || heading == ":") {
    refuse(line, "'" + std::string(heading) +
                     "' is not a symbol; end a symbol with ':', indent a phrase");
  }
  heading.remove_suffix(1);
  std::istringstream words{std::string(heading)};
  std::string name;
  words >> name;
  Blocks& blocks = all[name];
  std::vector<Phrase>* phrases = &blocks.neutral;
  for (std::string word; words >> word;) {
    if (word == "once") {
      blocks.once = true;
    } else if (word == "praise" || word == "blame") {
      phrases = word == "praise" ? &blocks.praise : &blocks.blame;
    } else {
      refuse(line, "'" + word + "' is unknown; choices: praise, blame, once");
    }
  }
  if (!phrases->empty())
    refuse(line, "'" + std::string(heading) + "' is defined twice; merge both");
  return phrases;
}

ReviewSymbol to_symbol(const std::string& name, Blocks blocks) {
  if (blocks.neutral.empty() == blocks.praise.empty() ||
      blocks.praise.size() != blocks.blame.size()) {
    throw std::invalid_argument(
        "the symbol '" + name + "' of the grammar has " + std::to_string(blocks.neutral.size()) +
        " phrases without an opinion, " + std::to_string(blocks.praise.size()) + " of praise and " +
        std::to_string(blocks.blame.size()) +
        " of blame; give it either phrases without an opinion, or as many of praise as of blame");
  }
  if (blocks.praise.empty()) return {blocks.neutral, blocks.neutral, blocks.once};
  return {std::move(blocks.praise), std::move(blocks.blame), blocks.once};
}

}  // namespace

ReviewGrammar::ReviewGrammar(std::string_view text) {
  std::map<std::string, Blocks, std::less<>> all;
  std::vector<Phrase>* phrases = nullptr;
  for (std::size_t line = 1; !text.empty(); ++line) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view content = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (content.empty() || content.starts_with('#')) continue;
    if (!content.starts_with(' ')) {
      phrases = start_block(content, line, all);
    } else if (phrases == nullptr) {
      refuse(line, "a phrase stands before the first symbol; write 'name:' above it");
    } else {
      add_phrases(content, line, *phrases);
    }
  }
  for (auto& [name, blocks] : all) symbols_[name] = to_symbol(name, std::move(blocks));
  for (const auto& [name, symbol] : symbols_) {
    for (const auto opinion : {ReviewOpinion::praise, ReviewOpinion::blame}) {
      for (const Phrase& phrase : symbol.phrases(opinion)) {
        for (const PhrasePart& part : phrase) {
          if (part.symbol.empty() || symbols_.contains(part.symbol)) continue;
          throw std::invalid_argument("a phrase of '" + name + "' names the symbol '" +
                                      part.symbol + "', which the grammar does not define");
        }
      }
    }
  }
}

const ReviewSymbol& ReviewGrammar::symbol(std::string_view name) const {
  const auto found = symbols_.find(name);
  if (found == symbols_.end()) {
    throw std::out_of_range("the grammar has no symbol '" + std::string(name) + "'");
  }
  return found->second;
}

const ReviewGrammar& film_review_grammar() {
  static const ReviewGrammar grammar(film_reviews_text());
  return grammar;
}

}  // namespace model_search
