// SPDX-License-Identifier: Apache-2.0
#include "datasets/generated/synthetic_review.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <set>
#include <stdexcept>
#include <string_view>

#include "datasets/generated/review_grammar.h"
#include "datasets/generated/seeded_noise.h"

namespace model_search {
namespace {

/// Words of a review at the 0th, 1st, ... 32nd 32nd-part of all reviews: a log-normal distribution
/// of median 175 and mean 230, cut at 10 and 1,000; as a table, because exp() is not equal
/// everywhere.
constexpr std::array<std::size_t, 33> kLengths{
    10,  44,  56,  66,  75,  83,  91,  99,  106, 114, 122, 130, 138, 147, 156, 165, 175,
    185, 197, 209, 221, 236, 251, 268, 288, 311, 337, 369, 409, 463, 544, 693, 1000};

// Percentages. Chosen so that a probe on a pre-trained language model's features tells the classes
// apart far better than one on a random network's, and neither does it without errors.
constexpr std::size_t kJudgements = 70;        ///< of the sentences; the others are remarks
constexpr std::size_t kConcessions = 12;       ///< of the judgements: with words of both sides
constexpr std::size_t kLeastAgreement = 94;    ///< of a review's judgements that are on its side
constexpr std::size_t kAgreementSpread = 7;    ///< least plus below this many more
constexpr std::size_t kVerdictAgreement = 90;  ///< of the last sentences

ReviewOpinion opposite(ReviewOpinion opinion) {
  return opinion == ReviewOpinion::praise ? ReviewOpinion::blame : ReviewOpinion::praise;
}

using Grammar = std::map<std::string_view, const ReviewSymbol*>;

const Grammar& grammar() {
  static const Grammar table = [] {
    Grammar symbols;
    for (const auto part : {review_opinion_words(), review_opinion_phrases(), review_subjects(),
                            review_sentences()}) {
      for (const ReviewSymbol& symbol : part) symbols[symbol.name] = &symbol;
    }
    return symbols;
  }();
  return table;
}

const ReviewSymbol& find_symbol(std::string_view name) {
  const auto found = grammar().find(name);
  if (found == grammar().end()) {
    throw std::logic_error("the grammar of reviews has no symbol '" + std::string(name) + "'");
  }
  return *found->second;
}

/// Calls `text(part)` and `symbol(name, opposite)` for the parts of a phrase, in order.
template <class Text, class Symbol>
void for_each_part(std::string_view phrase, const Text& text, const Symbol& symbol) {
  while (!phrase.empty()) {
    const std::size_t open = std::min(phrase.find('{'), phrase.size());
    if (open > 0) text(phrase.substr(0, open));
    if (open == phrase.size()) return;
    const std::size_t close = phrase.find('}', open);
    std::string_view name = phrase.substr(open + 1, close - open - 1);
    const bool flipped = name.starts_with('!');
    if (flipped) name.remove_prefix(1);
    symbol(name, flipped);
    phrase.remove_prefix(close + 1);
  }
}

bool is_word_letter(char letter) {
  return std::isalnum(static_cast<unsigned char>(letter)) != 0;
}

std::size_t count_words(std::string_view text) {
  std::size_t words = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    words += text[i] != ' ' && (i == 0 || text[i - 1] == ' ') ? 1 : 0;
  }
  return words;
}

void capitalise(std::string& sentence) {
  sentence.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(sentence.front())));
}

/// Turns "a" before a vowel into "an".
void fix_articles(std::string& sentence) {
  for (std::size_t i = 0; i + 2 < sentence.size(); ++i) {
    const bool article =
        (i == 0 || sentence[i - 1] == ' ') && sentence[i] == 'a' && sentence[i + 1] == ' ';
    if (!article) continue;
    const std::string_view next = std::string_view(sentence).substr(i + 2);
    const bool vowel = std::string_view("aeiou").find(next.front()) != std::string_view::npos;
    if (vowel || next.starts_with("honest")) sentence.insert(i + 1, "n");
  }
}

class ReviewWriter {
 public:
  ReviewWriter(ReviewOpinion opinion, std::uint64_t seed) : opinion_(opinion), random_(seed) {}

  std::string write() {
    const std::size_t target = draw_length();
    agreement_ = kLeastAgreement + random_.below(kAgreementSpread);
    std::size_t paragraph = draw_paragraph();
    add_sentence("opening", agreement_);
    while (words_ < kLengths.front() || words_ + 2 * kHalfSentence < target) {
      if (words_ >= paragraph && words_ + kShortestParagraph < target) {
        text_ += "\n\n";
        paragraph = words_ + draw_paragraph();
      }
      add_sentence(draw_sentence(), agreement_);
    }
    if (words_ + kHalfSentence < target) add_sentence("verdict", kVerdictAgreement);
    return std::move(text_) + "\n";
  }

 private:
  static constexpr std::size_t kHalfSentence = 5;  // Stops where the next would lead further away.
  static constexpr std::size_t kShortestParagraph = 30;

  std::size_t draw_length() {
    const std::size_t position = random_.below((kLengths.size() - 1) * 1024);
    const std::size_t low = kLengths.at(position / 1024);
    const std::size_t high = kLengths.at(position / 1024 + 1);
    return low + (high - low) * (position % 1024) / 1024;
  }
  std::size_t draw_paragraph() { return 50 + random_.below(100); }

  std::string_view draw_sentence() {
    if (random_.below(100) >= kJudgements) return "remark";
    return random_.below(100) < kConcessions ? "concession" : "judgement";
  }

  /// `agreement`: percent of being on the review's side.
  void add_sentence(std::string_view symbol, std::size_t agreement) {
    const ReviewOpinion opinion = random_.below(100) < agreement ? opinion_ : opposite(opinion_);
    std::string sentence;
    append(find_symbol(symbol), opinion, sentence);
    fix_articles(sentence);
    const bool exclaims = sentence.starts_with("what a") || sentence.starts_with("how ");
    capitalise(sentence);
    words_ += count_words(sentence);
    if (!text_.empty() && text_.back() != '\n') text_ += ' ';
    text_ += sentence + (exclaims || random_.below(16) == 0 ? '!' : '.');
  }

  void append(const ReviewSymbol& symbol, ReviewOpinion opinion, std::string& sentence) {
    if (symbol.once && once_.contains(&symbol)) {
      sentence += once_[&symbol];
      return;
    }
    const std::string_view phrase =
        choose(symbol, opinion == ReviewOpinion::praise ? symbol.praise : symbol.blame);
    std::string expanded;
    for_each_part(
        phrase, [&](std::string_view text) { expanded += text; },
        [&](std::string_view name, bool flipped) {
          append(find_symbol(name), flipped ? opposite(opinion) : opinion, expanded);
        });
    if (symbol.once) once_[&symbol] = expanded;
    sentence += expanded;
  }

  /// Never the same place of a list twice in a row.
  std::string_view choose(const ReviewSymbol& symbol, std::span<const std::string_view> phrases) {
    const auto [last, first_time] = last_.try_emplace(&symbol, 0);
    std::size_t index = random_.below(phrases.size() - (first_time ? 0 : 1));
    if (!first_time && index >= last->second) ++index;
    last->second = index;
    return phrases[index];
  }

  ReviewOpinion opinion_;
  SeededRandom random_;
  std::size_t agreement_ = 0;
  std::string text_;
  std::size_t words_ = 0;
  std::map<const ReviewSymbol*, std::size_t> last_;
  std::map<const ReviewSymbol*, std::string> once_;
};

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

/// Adds the capitalised words that a sentence can begin with.
void add_first_words(const ReviewSymbol& symbol, std::set<std::string>& words) {
  for (const auto side : {symbol.praise, symbol.blame}) {
    for (const std::string_view phrase : side) {
      if (phrase.starts_with('{')) {
        const std::size_t begin = phrase.starts_with("{!") ? 2 : 1;
        add_first_words(find_symbol(phrase.substr(begin, phrase.find('}') - begin)), words);
      } else {
        const auto end = std::ranges::find_if_not(phrase, is_word_letter) - phrase.begin();
        std::string word(phrase.substr(0, static_cast<std::size_t>(end)));
        capitalise(word);
        words.insert(word);
      }
    }
  }
}

}  // namespace

std::string write_review(ReviewOpinion opinion, std::uint64_t seed) {
  return ReviewWriter(opinion, seed).write();
}

std::vector<std::string> review_words() {
  std::set<std::string> words{".", "!", "an", "An"};  // What add_sentence() adds to the phrases.
  for (const auto& [name, symbol] : grammar()) {
    for (const auto side : {symbol->praise, symbol->blame}) {
      for (const std::string_view phrase : side) {
        for_each_part(
            phrase, [&](std::string_view text) { add_words(text, words); },
            [](std::string_view, bool) {});
      }
    }
  }
  for (const char* sentence : {"opening", "remark", "judgement", "concession", "verdict"}) {
    add_first_words(find_symbol(sentence), words);
  }
  return {words.begin(), words.end()};
}

}  // namespace model_search
