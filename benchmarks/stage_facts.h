// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "benchmarks/candidates.h"
#include "datasets/item_source.h"

namespace model_search {

/// Multiply-accumulates per item and parameters of a part of a network.
struct Work {
  double macs = 0;
  std::int64_t params = 0;
};

/// What follows from shapes alone, found by one pass of one item per candidate and length.
class StageFacts {
 public:
  /// `length`: tokens of an item; ignored for images.
  [[nodiscard]] Work work(const Candidate& candidate, const StageRange& range, std::int64_t length);
  /// What a range that starts with the stem returns for an item: features, or all that the cache
  /// keeps at a cut (values, and the mask of a text network).
  [[nodiscard]] ItemShape output_shape(const Candidate& candidate, const StageRange& range,
                                       std::int64_t length);

 private:
  struct Stage {
    std::int64_t macs = 0;
    std::vector<std::int64_t> output;  ///< of one item
  };
  const std::vector<Stage>& stages(const Candidate& candidate, std::int64_t length);

  std::map<std::string, std::vector<Stage>> stages_;  ///< stem, blocks, head
};

}  // namespace model_search
