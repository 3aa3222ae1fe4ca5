// SPDX-License-Identifier: Apache-2.0
#include "datasets/generated/review_words.h"

#include <algorithm>
#include <cctype>
#include <set>
#include <string_view>

#include "datasets/generated/review_grammar.h"

namespace model_search {
namespace {

bool is_word_letter(char letter) {
  return std::isalnum(static_cast<unsigned char>(letter)) != 0;
}

void add_words(std::string_view text, std::set<std::string>& words) {
  for (std::size_t begin = 0; begin < text.size();) {
    std::size_t end = begin + 1;
    while (is_word_letter(text[begin]) && end < text.size() && is_word_letter(text[end])) ++end;
    std::string word(text.substr(begin, end - begin));
    begin = end;
    if (word == " ") continue;
    words.insert(word);
    for (char& letter : word) {
      letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
    }
    words.insert(word);
  }
}

template <class Use>
void for_each_phrase(const ReviewSymbol& symbol, const Use& use) {
  for (const auto* phrases : {&symbol.praise, &symbol.blame}) {
    for (const Phrase& phrase : *phrases) use(phrase);
  }
}

/// Adds the capitalized words that a sentence can begin with.
void add_first_words(const ReviewSymbol& symbol, std::set<std::string>& words) {
  for_each_phrase(symbol, [&](const Phrase& phrase) {
    const PhrasePart& first = phrase.front();
    if (!first.symbol.empty()) {
      add_first_words(film_review_grammar().symbol(first.symbol), words);
      return;
    }
    std::string word(first.text.begin(), std::ranges::find_if_not(first.text, is_word_letter));
    word.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(word.front())));
    words.insert(word);
  });
}

}  // namespace

std::vector<std::string> review_words() {
  std::set<std::string> words{".", "!", "an", "An"};  // What a sentence adds to its phrases.
  for (const auto& [name, symbol] : film_review_grammar().symbols()) {
    for_each_phrase(symbol, [&](const Phrase& phrase) {
      for (const PhrasePart& part : phrase) add_words(part.text, words);
    });
  }
  for (const char* sentence : {"opening", "remark", "judgment", "concession", "verdict"}) {
    add_first_words(film_review_grammar().symbol(sentence), words);
  }
  return {words.begin(), words.end()};
}

}  // namespace model_search
