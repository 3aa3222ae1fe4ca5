// SPDX-License-Identifier: Apache-2.0
#include "datasets/generated/synthetic_review.h"

#include <array>
#include <cctype>
#include <string_view>
#include <utility>

#include "datasets/generated/review_expander.h"
#include "datasets/generated/seeded_noise.h"

namespace model_search {
namespace {

/// Words of a review at the 0th, 1st, ... 32nd 32nd-part of all reviews: a log-normal distribution
/// of median 175 and mean 230, cut at 10 and 1,000. It is a table because exp() differs between
/// machines.
constexpr std::array<std::size_t, 33> kLengths{
    10,  44,  56,  66,  75,  83,  91,  99,  106, 114, 122, 130, 138, 147, 156, 165, 175,
    185, 197, 209, 221, 236, 251, 268, 288, 311, 337, 369, 409, 463, 544, 693, 1000};

// Percentages. They are chosen so that a probe on a pre-trained language model's features separates
// the classes far better than one on a random network's features, and neither is free of errors.
constexpr std::size_t kJudgments = 70;         ///< of the sentences; the others are remarks
constexpr std::size_t kConcessions = 12;       ///< of the judgments: with words of both sides
constexpr std::size_t kLeastAgreement = 94;    ///< of a review's judgments that are on its side
constexpr std::size_t kAgreementSpread = 7;    ///< least plus below this many more
constexpr std::size_t kVerdictAgreement = 90;  ///< of the last sentences

std::size_t count_words(std::string_view text) {
  std::size_t words = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    words += text[i] != ' ' && (i == 0 || text[i - 1] == ' ') ? 1 : 0;
  }
  return words;
}

void capitalize(std::string& sentence) {
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
    const std::size_t agreement = kLeastAgreement + random_.below(kAgreementSpread);
    std::size_t paragraph = draw_paragraph();
    add_sentence("opening", agreement);
    while (words_ < kLengths.front() || words_ + 2 * kHalfSentence < target) {
      if (words_ >= paragraph && words_ + kShortestParagraph < target) {
        text_ += "\n\n";
        paragraph = words_ + draw_paragraph();
      }
      add_sentence(draw_sentence(), agreement);
    }
    if (words_ + kHalfSentence < target) add_sentence("verdict", kVerdictAgreement);
    return std::move(text_) + "\n";
  }

 private:
  static constexpr std::size_t kHalfSentence = 5;  // Stop where the next would lead further away.
  static constexpr std::size_t kShortestParagraph = 30;

  std::size_t draw_length() {
    const std::size_t position = random_.below((kLengths.size() - 1) * 1024);
    const std::size_t low = kLengths.at(position / 1024);
    const std::size_t high = kLengths.at(position / 1024 + 1);
    return low + (high - low) * (position % 1024) / 1024;
  }
  std::size_t draw_paragraph() { return 50 + random_.below(100); }

  std::string_view draw_sentence() {
    if (random_.below(100) >= kJudgments) return "remark";
    return random_.below(100) < kConcessions ? "concession" : "judgment";
  }

  /// `agreement`: in percent, how likely the sentence is on the review's side.
  void add_sentence(std::string_view symbol, std::size_t agreement) {
    const ReviewOpinion opinion = random_.below(100) < agreement ? opinion_ : opposite(opinion_);
    std::string sentence = expander_.expand(symbol, opinion);
    fix_articles(sentence);
    const bool exclaims = sentence.starts_with("what a") || sentence.starts_with("how ");
    capitalize(sentence);
    words_ += count_words(sentence);
    if (!text_.empty() && text_.back() != '\n') text_ += ' ';
    text_ += sentence + (exclaims || random_.below(16) == 0 ? '!' : '.');
  }

  ReviewOpinion opinion_;
  SeededRandom random_;
  ReviewExpander expander_{film_review_grammar(), random_};
  std::string text_;
  std::size_t words_ = 0;
};

}  // namespace

std::string write_review(ReviewOpinion opinion, std::uint64_t seed) {
  return ReviewWriter(opinion, seed).write();
}

}  // namespace model_search
