// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/results/ranking.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>

namespace model_search {
namespace {

constexpr double equal_accuracies = 0.0005;

/// The score of a candidate in one row.
struct Score {
  std::string candidate;
  std::string configuration;
  double accuracy = 0;
  double loss = 0;
  double seconds = 0;
};

/// Everything known of a candidate in one ranking.
struct Line {
  std::string candidate;
  std::string configurations;
  std::vector<double> accuracies;  ///< ascending
  double loss = 0;
  double seconds = 0;

  [[nodiscard]] double accuracy() const {
    const std::size_t middle = accuracies.size() / 2;
    if (accuracies.size() % 2 == 1) return accuracies[middle];
    return (accuracies[middle - 1] + accuracies[middle]) / 2;
  }
};

/// The names that a label lists as `heads=a,b`.
std::vector<std::string> heads_of(const std::string& label) {
  const std::size_t start = label.find("heads=");
  if (start == std::string::npos) return {};
  const std::size_t first = start + std::string("heads=").size();
  const std::string list = label.substr(first, label.find(' ', first) - first);
  std::vector<std::string> names;
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    names.push_back(list.substr(begin, end - begin));
    begin = end + 1;
  }
  return names;
}

std::vector<Score> scores_of(const Outcome& outcome, const Combination& row) {
  const std::vector<std::string> heads = heads_of(outcome.label);
  if (heads.empty()) {
    const auto accuracy = outcome.number("accuracy");
    if (!accuracy || row.configuration.starts_with("joint_")) return {};
    return {{row.subject, row.configuration, *accuracy, outcome.number("loss").value_or(0),
             outcome.seconds}};
  }
  std::vector<Score> scores;
  if (outcome.number("random_heads").value_or(0) > 0) return scores;
  for (std::size_t i = 0; i < heads.size(); ++i) {
    const auto accuracy = outcome.number("accuracy_head" + std::to_string(i));
    if (!accuracy) continue;
    const double loss = outcome.number("loss_head" + std::to_string(i)).value_or(0);
    scores.push_back({heads[i], row.configuration, *accuracy, loss, outcome.seconds});
  }
  return scores;
}

void add(std::vector<Line>& lines, const Score& score) {
  auto line = std::ranges::find(lines, score.candidate, &Line::candidate);
  if (line == lines.end()) {
    lines.push_back(
        {score.candidate, score.configuration, {score.accuracy}, score.loss, score.seconds});
    return;
  }
  if ((", " + line->configurations + ",").find(", " + score.configuration + ",") ==
      std::string::npos) {
    line->configurations += ", " + score.configuration;
  }
  line->accuracies.insert(std::ranges::upper_bound(line->accuracies, score.accuracy),
                          score.accuracy);
  line->seconds = std::min(line->seconds, score.seconds);
}

std::string text_of_line(const Line& line, std::size_t place) {
  std::array<char, 512> buffer{};
  const bool differ = line.accuracies.back() - line.accuracies.front() >= equal_accuracies;
  std::snprintf(buffer.data(), buffer.size(),
                "%3zu. %-20s accuracy %5.1f %%  loss %.4f  fastest %.2f s  (%s)%s\n", place,
                line.candidate.c_str(), 100 * line.accuracy(), line.loss, line.seconds,
                line.configurations.c_str(), differ ? "  accuracies of its rows differ" : "");
  return buffer.data();
}

}  // namespace

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
    for (const Score& score : scores_of(outcome, *row->second)) add(groups[group], score);
  }
  std::string text;
  for (auto& [settings, lines] : groups) {
    std::ranges::stable_sort(lines, [](const Line& a, const Line& b) {
      return a.accuracy() != b.accuracy() ? a.accuracy() > b.accuracy() : a.loss < b.loss;
    });
    text += "\nRanking of the candidates (" + settings +
            (random_weights ? ", random weights" : "") + ")\n";
    for (const Line& line : lines) {
      const auto better = std::ranges::count_if(lines, [&](const Line& other) {
        return other.accuracy() >= line.accuracy() + equal_accuracies;
      });
      text += text_of_line(line, 1 + static_cast<std::size_t>(better));
    }
  }
  return text;
}

}  // namespace model_search
