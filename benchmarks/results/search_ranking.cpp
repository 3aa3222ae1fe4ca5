// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/results/search_ranking.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <map>
#include <utility>
#include <vector>

#include "benchmarks/results/ranking.h"

namespace model_search {
namespace {

constexpr std::size_t most_lines = 10;

/// Searches that found the same ranking.
struct SameRanking {
  std::string heading;
  const Outcome* outcome = nullptr;       ///< any of them: their scores agree
  std::map<std::string, double> seconds;  ///< by the plan
};

/// The places of the ranking from which on candidates left before those in front of them.
std::vector<std::size_t> borders_of(const Outcome& outcome) {
  std::vector<std::size_t> borders;
  for (int round = 2;; ++round) {
    const auto left = outcome.number("candidates_round" + std::to_string(round));
    if (!left) return borders;
    borders.push_back(static_cast<std::size_t>(*left));
  }
}

std::string lines_of(const Outcome& outcome, const std::vector<std::string>& names) {
  const std::vector<std::size_t> borders = borders_of(outcome);
  std::string text;
  std::size_t place = 0;
  double before = std::numeric_limits<double>::quiet_NaN();
  for (std::size_t i = 0; i < std::min(names.size(), most_lines); ++i) {
    const std::string ending = std::to_string(i);
    const auto value = outcome.number("score_value" + ending);
    if (!value) return "  without scores: the data has no classes\n";
    const bool tied = std::abs(before - *value) < equal_scores;
    if (!tied || std::ranges::count(borders, i) > 0) place = i + 1;
    before = *value;
    std::array<char, 256> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "%3zu. %-20s ", place, names[i].c_str());
    text += buffer.data() +
            score_text(
                *value,
                outcome.number("loss" + ending).value_or(std::numeric_limits<double>::quiet_NaN()),
                outcome.number("accuracy" + ending).has_value()) +
            "\n";
  }
  if (names.size() > most_lines) {
    text += "     and " + std::to_string(names.size() - most_lines) + " more\n";
  }
  return text;
}

std::string text_of_ranking(const SameRanking& found) {
  const std::vector<std::string> names = found.outcome->listed("ranking");
  std::string text = found.heading + lines_of(*found.outcome, names) + "     " +
                     std::to_string(names.size()) +
                     (names.size() == 1 ? " candidate" : " candidates");
  std::vector<std::pair<double, std::string>> fastest_first;
  for (const auto& [plan, seconds] : found.seconds) fastest_first.emplace_back(seconds, plan);
  std::ranges::sort(fastest_first);
  std::string separator = ": ";
  for (const auto& [seconds, plan] : fastest_first) {
    std::array<char, 64> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "%.2f s", seconds);
    text += separator + plan + (plan.empty() ? "" : " ") + buffer.data();
    separator = ", ";
  }
  text += "\n";
  const std::vector<std::string> failed = found.outcome->listed("failed");
  for (std::size_t i = 0; i < failed.size(); ++i) {
    text += (i == 0 ? "     left out: " : ", ") + failed[i];
  }
  return text + (failed.empty() ? "" : "\n");
}

}  // namespace

std::string search_ranking_table(const Outcomes& outcomes, const Combinations& rows,
                                 bool random_weights) {
  std::map<std::string, const Combination*> by_name;
  for (const Combination& row : rows) by_name[row.name()] = &row;
  std::vector<SameRanking> rankings;
  for (const Outcome& outcome : outcomes) {
    const auto found = by_name.find(outcome.name);
    if (found == by_name.end() || found->second->step != Step::search) continue;
    if (outcome.listed("ranking").empty()) continue;
    const Combination& row = *found->second;
    const std::string settings = row.identity(affects_features | affects_score);
    const std::string heading = "\nRanking of the zoo " + row.subject + " (" + row.input + " on " +
                                row.device + (settings.empty() ? "" : ", " + settings) +
                                (random_weights ? ", random weights" : "") + ")\n";
    auto same = std::ranges::find_if(rankings, [&](const SameRanking& other) {
      return other.heading == heading &&
             other.outcome->listed("ranking") == outcome.listed("ranking") &&
             other.outcome->listed("failed") == outcome.listed("failed");
    });
    if (same == rankings.end()) same = rankings.insert(same, {heading, &outcome, {}});
    const auto [plan, fresh] = same->seconds.emplace(row.identity(affects_cost), outcome.seconds);
    if (!fresh) plan->second = std::min(plan->second, outcome.seconds);
  }
  std::string text;
  for (const SameRanking& ranking : rankings) text += text_of_ranking(ranking);
  return text;
}

}  // namespace model_search
