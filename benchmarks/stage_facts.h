// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "benchmarks/candidates.h"
#include "datasets/item_source.h"

namespace model_search {

/// Tokens of a run's items, padding included: what the work of a text network follows from. All 0
/// for images.
struct Lengths {
  double items = 0;
  double sum = 0;
  double sum_of_squares = 0;

  void add(double count, double length) {
    items += count;
    sum += count * length;
    sum_of_squares += count * length * length;
  }
  [[nodiscard]] double mean() const { return items > 0 ? sum / items : 0; }
  [[nodiscard]] double mean_square() const { return items > 0 ? sum_of_squares / items : 0; }
};

/// Work of a part of a network.
struct Work {
  double macs = 0;  ///< multiply-accumulates per item
  std::int64_t params = 0;
  /// What its operators read and write at least in float32 (operator_bytes()), per item and, for
  /// parameters, per batch.
  double item_bytes = 0;
  double batch_bytes = 0;
};

/// What follows from shapes alone, found by passes of one and of two items per candidate: one of
/// each for images, three of short texts, whose work is a polynomial of second degree in their
/// length.
class StageFacts {
 public:
  /// Mean work of an item; exact.
  [[nodiscard]] Work work(const Candidate& candidate, const StageRange& range,
                          const Lengths& lengths);
  /// What a range that starts with the stem returns for an item: features, or all that the cache
  /// keeps at a cut (values, and the mask of a text network).
  [[nodiscard]] ItemShape output_shape(const Candidate& candidate, const StageRange& range,
                                       std::int64_t length);

 private:
  struct Stage {
    std::int64_t macs = 0;
    std::int64_t item_bytes = 0;
    std::int64_t batch_bytes = 0;
    std::vector<std::int64_t> output;  ///< of one item
  };
  const std::vector<Stage>& stages(const Candidate& candidate, std::int64_t length);
  Work sum(const Candidate& candidate, const StageRange& range, std::int64_t length);

  std::map<std::string, std::vector<Stage>> stages_;  ///< stem, blocks, head
};

}  // namespace model_search
