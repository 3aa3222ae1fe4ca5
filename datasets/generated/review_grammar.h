// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace model_search {

/// A symbol of the grammar that film reviews are written with, and the phrases it can stand for.
/// A phrase names further symbols in braces: "{aspect}" is written in the opinion of its sentence,
/// "{!adjective}" in the opposite one.
struct ReviewSymbol {
  std::string_view name;
  std::span<const std::string_view> praise;  ///< in a sentence that praises
  std::span<const std::string_view> blame;   ///< in one that blames; equal for neutral symbols
  bool once = false;                         ///< one choice for a whole review, such as the hero
};

/// Symbols with an opinion; both sides have as many phrases of the same shapes, so that only the
/// words tell praise from blame. Single words: `adjective`, `manner` (adverbs), `kind` (what a film
/// is), `virtue` (what it has) and `feeling`.
[[nodiscard]] std::span<const ReviewSymbol> review_opinion_words();
/// Phrases: `performs` and `works` (what a player or a part of the film does), `reaction` (the
/// writer's), `advice` and `feature` (what stays in mind).
[[nodiscard]] std::span<const ReviewSymbol> review_opinion_phrases();
/// Symbols that name things: aspects of films, heroes, places, years.
[[nodiscard]] std::span<const ReviewSymbol> review_subjects();
/// Symbols of whole sentences, without the first capital letter: `opening`, `remark` (no
/// opinion), `judgement`, `concession` (a judgement that also uses words of the other side),
/// `verdict`.
[[nodiscard]] std::span<const ReviewSymbol> review_sentences();

}  // namespace model_search
