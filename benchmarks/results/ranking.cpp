// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/results/ranking.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <set>

namespace model_search {
namespace {

struct Line {
  std::string subject;
  std::string configurations;
  std::set<std::string> seen;
  double accuracy = 0;
  double lowest = 0;
  double loss = 0;
  double seconds = 0;
};

/// One line per candidate; the first row gives accuracy and loss, the fastest one the seconds.
std::vector<Line> lines_of(const std::vector<const Quality*>& rows) {
  std::vector<Line> lines;
  for (const Quality* row : rows) {
    auto line = std::find_if(lines.begin(), lines.end(),
                             [row](const Line& known) { return known.subject == row->subject; });
    if (line == lines.end()) {
      lines.push_back({row->subject,
                       row->configuration,
                       {row->configuration},
                       row->accuracy,
                       row->accuracy,
                       row->loss,
                       row->seconds});
      continue;
    }
    if (line->seen.insert(row->configuration).second) {
      line->configurations += ", " + row->configuration;
    }
    line->lowest = std::min(line->lowest, row->accuracy);
    line->accuracy = std::max(line->accuracy, row->accuracy);
    line->seconds = std::min(line->seconds, row->seconds);
  }
  std::stable_sort(lines.begin(), lines.end(), [](const Line& a, const Line& b) {
    return a.accuracy != b.accuracy ? a.accuracy > b.accuracy : a.loss < b.loss;
  });
  return lines;
}

}  // namespace

std::string Ranking::table(bool random_weights) const {
  std::map<std::string, std::vector<const Quality*>> groups;
  for (const Quality& quality : qualities_) groups[quality.settings].push_back(&quality);
  std::string text;
  for (const auto& [settings, rows] : groups) {
    text += "\nRanking of the candidates (" + settings +
            (random_weights ? ", random weights" : "") + ")\n";
    int place = 0;
    for (const Line& line : lines_of(rows)) {
      std::array<char, 256> buffer{};
      std::snprintf(buffer.data(), buffer.size(),
                    "%3d. %-20s accuracy %5.1f %%  loss %.4f  fastest %.2f s  (%s)%s\n", ++place,
                    line.subject.c_str(), 100 * line.accuracy, line.loss, line.seconds,
                    line.configurations.c_str(),
                    line.lowest < line.accuracy ? "  accuracies of its rows differ" : "");
      text += buffer.data();
    }
  }
  return text;
}

}  // namespace model_search
