// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/results/conclusion.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <map>
#include <utility>

#include "benchmarks/results/largest_step.h"
#include "benchmarks/results/ranking.h"
#include "benchmarks/results/search_ranking.h"

namespace model_search {
namespace {

constexpr std::size_t most_lines_at_the_end = 15;

/// The fastest row of each candidate (EndToEnd) or of each zoo (Search) on one device. A tail reads
/// what its trunk computed before, so whole networks come first.
struct Fastest {
  const Outcome* outcome = nullptr;
  bool whole = false;
  std::size_t rows = 0;  ///< how many there are to choose from

  void take(const Outcome& other, bool other_is_whole) {
    if (whole && !other_is_whole) return;
    const bool better_kind = other_is_whole && !whole;
    rows = better_kind ? 1 : rows + 1;
    if (outcome == nullptr || better_kind || other.seconds < outcome->seconds) outcome = &other;
    whole = other_is_whole;
  }
};
using FastestRows = std::map<std::string, Fastest>;  ///< by subject

std::string seconds_text(double seconds) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), seconds < 10 ? "%.2f s" : "%.1f s", seconds);
  return text.data();
}

std::string number_of(double number, const std::string& noun) {
  return std::to_string(std::lround(number)) + " " + noun + (number == 1 ? "" : "s");
}

/// "EndToEnd on cpu: 2 candidates of 250 items, 12.3 s in all; largest step load_data 61 %".
std::string headline(const std::string& place, const FastestRows& rows, bool search) {
  double seconds = 0;
  double candidates = 0;
  double items = 0;
  std::size_t choices = 0;
  std::map<std::string, double> steps;
  for (const auto& [subject, row] : rows) {
    seconds += row.outcome->seconds;
    candidates += search ? row.outcome->number("candidates").value_or(0) : 1;
    items = std::max(items, row.outcome->number("items").value_or(0));
    choices = std::max(choices, row.rows);
    for (const auto& [step, took] : step_seconds(row.outcome->numbers)) steps[step] += took;
  }
  std::string text = place + ": " + number_of(candidates, "candidate") + " of " +
                     number_of(items, "item") + " in " + seconds_text(seconds);
  if (choices > 1) {
    text += search ? ", the fastest of " + std::to_string(choices) + " rows"
                   : ", the fastest row of each";
  }
  if (const auto largest = largest_step(steps, seconds)) {
    text += "; largest step " + largest->text();
  }
  return text + "\n";
}

std::string headlines(const Outcomes& outcomes, const Combinations& rows) {
  std::map<std::string, const Combination*> by_name;
  for (const Combination& row : rows) by_name[row.name()] = &row;
  std::map<std::pair<bool, std::string>, FastestRows> places;
  for (const Outcome& outcome : outcomes) {
    const auto found = by_name.find(outcome.name);
    if (found == by_name.end()) continue;
    const Combination& row = *found->second;
    const bool search = row.step == Step::search;
    if (!search && row.step != Step::end_to_end) continue;
    const std::string place =
        std::string(step_name(row.step).name) + " (" + row.input + " on " + row.device + ")";
    places[{search, place}][row.subject].take(outcome, search || row.configuration == "full");
  }
  std::string text;
  for (const auto& [place, fastest] : places) text += headline(place.second, fastest, place.first);
  return text.empty() ? "" : "\n" + text;
}

}  // namespace

std::string conclusion(const Outcomes& outcomes, const Combinations& rows, bool random_weights,
                       const std::string& out) {
  std::string text = headlines(outcomes, rows);
  if (text.empty()) return {};
  for (const auto& table : {ranking_table, search_ranking_table}) {
    text += table(outcomes, rows, random_weights);
  }
  const std::string advice =
      out.empty() ? "" : "\nWhat to change: tools/report.py " + out + " -o report\n";
  const std::size_t most =
      most_lines_at_the_end - static_cast<std::size_t>(std::ranges::count(advice, '\n'));
  if (static_cast<std::size_t>(std::ranges::count(text, '\n')) > most) {
    std::size_t end = 0;
    for (std::size_t line = 1; line < most; ++line) end = text.find('\n', end) + 1;
    text = text.substr(0, end) + "(more in the file of results and its report)\n";
  }
  return text + advice;
}

}  // namespace model_search
