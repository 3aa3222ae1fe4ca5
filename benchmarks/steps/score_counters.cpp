// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/steps/score_counters.h"

#include <algorithm>
#include <cmath>

#include "fixtures/searching/scores/score_table.h"

namespace model_search {

std::vector<Counter> score_counters() {
  std::vector<Counter> counters{
      {"score_value", "score", "higher",
       "what the proxy score ranks candidates by; of a joint configuration that of its first head"},
      {"accuracy", "share", "higher",
       "top-1 accuracy on the held-out items (knn: of all items, each by the others); of a joint "
       "configuration that of its first head"},
      {"loss", "nats", "lower",
       "cross entropy of the probe on the held-out items; of a joint configuration that of its "
       "first head"},
      {"converged", "flag", "higher",
       "1 where the score's iterations have settled: the training loss of a probe, the optimum of "
       "each class of logme, the gradient of logistic"},
      {"score_value_head<n>", "score", "higher", "score_value of head n of a joint configuration"},
      {"accuracy_head<n>", "share", "higher",
       "accuracy of head n of a joint configuration; the label names the heads"},
      {"loss_head<n>", "nats", "lower",
       "loss of head n of a joint configuration; the label names the heads"},
  };
  for (const Score& score : score_table()) {
    for (const ScoreFigure& figure : score.figures) {
      // Scores may share a figure.
      if (std::ranges::find(counters, figure.name, &Counter::name) != counters.end()) continue;
      counters.push_back({figure.name, figure.unit, "", figure.meaning});
    }
  }
  return counters;
}

void add_score(Row& row, const Score& score, const ScoreResult& result, const std::string& head) {
  const std::string ending = head.empty() ? "" : "_head" + head;
  const auto add = [&](const char* name, double value) {
    if (std::isfinite(value)) row.counters[name + ending] = value;
  };
  add("score_value", result.value);
  add("accuracy", result.accuracy);
  add("loss", result.loss);
  if (!head.empty()) return;
  if (result.converged) row.counters["converged"] = *result.converged ? 1 : 0;
  for (std::size_t i = 0; i < result.figures.size(); ++i) {
    row.counters[std::string(score.figures.at(i).name)] = result.figures[i];
  }
}

}  // namespace model_search
