// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "fixtures/devices/device.h"
#include "fixtures/searching/scores/score.h"

namespace model_search {

struct ScoreTiming {
  std::uint64_t seed = 0;
  int repetitions = 1;
  int warmup = 1;  ///< untimed runs of each score on data of sizes that it has not seen
};

/// Scores of features that are files, their seconds, and what JSON says of them.
class TimedScores {
 public:
  TimedScores(std::vector<std::string> names, const ScoreTiming& timing, Device device)
      : names_(std::move(names)), timing_(timing), device_(std::move(device)) {}

  /// An entry with the sizes and each score, or the error of what cannot be used. `labels` are for
  /// a file without any.
  [[nodiscard]] nlohmann::ordered_json of_file(const std::string& path,
                                               const std::vector<std::int64_t>& labels);
  /// Whether no entry so far has an error.
  [[nodiscard]] bool complete() const { return complete_; }

 private:
  /// The score, and the items, width, classes and source classes that its libraries have seen.
  using Sizes = std::tuple<std::string, std::int64_t, std::int64_t, std::int64_t, std::int64_t>;

  [[nodiscard]] nlohmann::ordered_json score(const Score& score, const ScoreData& data);

  const std::vector<std::string> names_;
  const ScoreTiming timing_;
  const Device device_;
  std::set<Sizes> warm_;
  bool complete_ = true;
};

}  // namespace model_search
