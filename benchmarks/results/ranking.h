// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace model_search {

/// One candidate's quality, as one row of EndToEnd found it.
struct Quality {
  std::string subject;
  std::string configuration;
  std::string settings;  ///< what else changes features or score: rows are ranked among equals
  double accuracy = 0;
  double loss = 0;
  double seconds = 0;
};

/// Collects the scores of EndToEnd and prints the candidates, best first. The configurations of
/// one candidate have equal features, so they are one line; where their accuracies differ, it
/// says so.
class Ranking {
 public:
  void add(Quality quality) { qualities_.push_back(std::move(quality)); }
  /// The table as text; empty for fewer than one score. `random_weights` labels it.
  [[nodiscard]] std::string table(bool random_weights) const;

 private:
  std::vector<Quality> qualities_;
};

}  // namespace model_search
