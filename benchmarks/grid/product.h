// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "benchmarks/grid/options.h"

namespace model_search {

using Combinations = std::vector<Combination>;

/// Which rows a step has: a product of axes, for each candidate or for each kind of input.
struct StepRows {
  Step step;
  bool per_network;                  ///< one subject per candidate, else one per kind of input
  std::vector<const Axis*> axes;     ///< the first one varies slowest
  std::string_view configuration{};  ///< of all rows, where that is no axis of the step
  /// The batch sizes of a row, for the steps that have axes().batch.
  Values (*batches)(const Combination& row, const Options& options) = nullptr;
  /// The devices, where they are not simply those of --devices.
  Values (*devices)(const Options& options) = nullptr;
  /// Whether a point of the product is a row; nullptr: all are.
  bool (*accepts)(const Combination& row) = nullptr;
  /// Changes what depends on several axes; nullptr: nothing does.
  void (*adjust)(Combination& row, const Options& options) = nullptr;
};

/// Sizes over which a step sweeps, unless they are given.
[[nodiscard]] Values swept_batches(const Combination& row, const Options& options);
/// One size by device, unless sizes are given.
[[nodiscard]] Values one_batch(const Combination& row, const Options& options);

/// The rows of one step for all subjects, in the order of the zoo; a value given twice counts once.
[[nodiscard]] Combinations rows_of(const StepRows& step, const Options& options);

/// Those whose name Google Benchmark's filter selects (`-` in front inverts it). Throws
/// std::invalid_argument for a malformed regular expression.
[[nodiscard]] Combinations filtered(const Combinations& rows, const std::string& filter);

}  // namespace model_search
