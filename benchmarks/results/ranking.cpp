// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/results/ranking.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "fixtures/measuring/quantiles.h"

namespace model_search {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

/// A candidate as one row scored it.
struct Scored {
  std::string candidate;
  std::string configuration;
  double value = 0;      ///< ranks the candidates
  double loss = 0;       ///< NaN: the score has none
  bool accuracy = true;  ///< the value is an accuracy
  double seconds = 0;
};

/// All that is known of a candidate in one ranking.
struct Line {
  std::string candidate;
  std::string configurations;
  std::vector<double> values;  ///< ascending
  std::vector<double> losses;  ///< ascending; empty: the score has none
  bool accuracy = true;
  double seconds = 0;

  [[nodiscard]] double value() const { return median(values); }
  [[nodiscard]] double loss() const { return losses.empty() ? unknown : median(losses); }
};

/// What the row says under names that end in `ending`; nothing where it has no score.
std::optional<Scored> scored(const Outcome& outcome, const Combination& row,
                             const std::string& candidate, const std::string& ending) {
  const auto value = outcome.number("score_value" + ending);
  if (!value) return std::nullopt;
  return Scored{candidate,
                row.configuration,
                *value,
                outcome.number("loss" + ending).value_or(unknown),
                outcome.number("accuracy" + ending).has_value(),
                outcome.seconds};
}

std::vector<Scored> scores_of(const Outcome& outcome, const Combination& row) {
  const std::vector<std::string> heads = outcome.listed("heads");
  std::vector<Scored> scores;
  if (heads.empty()) {
    if (row.configuration.starts_with("joint_")) return {};
    if (const auto own = scored(outcome, row, row.subject, "")) scores.push_back(*own);
    return scores;
  }
  if (outcome.number("random_heads").value_or(0) > 0) return {};
  for (std::size_t i = 0; i < heads.size(); ++i) {
    const auto head = scored(outcome, row, heads[i], "_head" + std::to_string(i));
    if (!head) return {};
    scores.push_back(*head);
  }
  return scores;
}

void insert_sorted(std::vector<double>& ascending, double value) {
  ascending.insert(std::ranges::upper_bound(ascending, value), value);
}

void add(std::vector<Line>& lines, const Scored& score) {
  auto line = std::ranges::find(lines, score.candidate, &Line::candidate);
  if (line == lines.end()) {
    Line fresh;
    fresh.candidate = score.candidate;
    fresh.configurations = score.configuration;
    fresh.accuracy = score.accuracy;
    fresh.seconds = score.seconds;
    line = lines.insert(lines.end(), std::move(fresh));
  } else if ((", " + line->configurations + ",").find(", " + score.configuration + ",") ==
             std::string::npos) {
    line->configurations += ", " + score.configuration;
  }
  insert_sorted(line->values, score.value);
  if (!std::isnan(score.loss)) insert_sorted(line->losses, score.loss);
  line->seconds = std::min(line->seconds, score.seconds);
}

/// Highest values first, then lowest losses; a line without a loss comes after those with one.
bool ranks_before(const Line& a, const Line& b) {
  if (a.value() != b.value()) return a.value() > b.value();
  if (std::isnan(a.loss()) || std::isnan(b.loss()))
    return std::isnan(b.loss()) > std::isnan(a.loss());
  return a.loss() < b.loss();
}

std::string text_of_line(const Line& line, std::size_t place) {
  std::array<char, 512> buffer{};
  const bool differ = line.values.back() - line.values.front() >= equal_scores;
  std::snprintf(
      buffer.data(), buffer.size(), "%3zu. %-20s %s  fastest %.2f s  (%s)%s\n", place,
      line.candidate.c_str(), score_text(line.value(), line.loss(), line.accuracy).c_str(),
      line.seconds, line.configurations.c_str(),
      !differ
          ? ""
          : (line.accuracy ? "  accuracies of its rows differ" : "  scores of its rows differ"));
  return buffer.data();
}

}  // namespace

std::string score_text(double value, double loss, bool accuracy) {
  std::array<char, 128> text{};
  if (accuracy) {
    std::snprintf(text.data(), text.size(), "accuracy %5.1f %%", 100 * value);
  } else {
    std::snprintf(text.data(), text.size(), "score %.4g", value);
  }
  if (std::isnan(loss)) return text.data();
  std::array<char, 64> rest{};
  std::snprintf(rest.data(), rest.size(), "  loss %.4f", loss);
  return std::string(text.data()) + rest.data();
}

std::string ranking_table(const Outcomes& outcomes, const Combinations& rows, bool random_weights) {
  std::map<std::string, const Combination*> by_name;
  for (const Combination& row : rows) by_name[row.name()] = &row;
  std::map<std::string, std::vector<Line>> groups;
  for (const Outcome& outcome : outcomes) {
    const auto row = by_name.find(outcome.name);
    if (row == by_name.end() || row->second->step != Step::end_to_end) continue;
    const std::string settings = row->second->identity(affects_features | affects_score);
    const std::string group = row->second->input + " on " + row->second->device +
                              (settings.empty() ? "" : ", " + settings);
    for (const Scored& score : scores_of(outcome, *row->second)) add(groups[group], score);
  }
  std::string text;
  for (auto& [settings, lines] : groups) {
    std::ranges::stable_sort(lines, ranks_before);
    text += "\nRanking of the candidates (" + settings +
            (random_weights ? ", random weights" : "") + ")\n";
    for (const Line& line : lines) {
      const auto better = std::ranges::count_if(
          lines, [&](const Line& other) { return other.value() >= line.value() + equal_scores; });
      text += text_of_line(line, 1 + static_cast<std::size_t>(better));
    }
  }
  return text;
}

}  // namespace model_search
