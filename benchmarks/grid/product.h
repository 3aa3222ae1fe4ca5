// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "benchmarks/grid/options.h"

namespace model_search {

using Combinations = std::vector<Combination>;

/// Of what a step has rows: of each candidate, of each kind of input, or of the whole zoo (of all
/// its candidates that read the same kind of input).
enum class Subjects { candidates, inputs, zoo };

/// The rows of a step: a product of axes, for each of its subjects.
struct StepRows {
  Step step;
  Subjects subjects;
  std::vector<const Axis*> axes;     ///< the first axis varies slowest
  std::string_view configuration{};  ///< of all rows, where it is not an axis of the step
  /// The batch sizes of a row, for the steps that have axes().batch.
  Values (*batches)(const Combination& row, const Options& options) = nullptr;
  /// The devices, where they differ from those of --devices.
  Values (*devices)(const Options& options) = nullptr;
  /// Whether one row may run on a set of devices.
  bool device_sets = false;
  /// Whether a point of the product is a row; nullptr where all are.
  bool (*accepts)(const Combination& row) = nullptr;
  /// Adjusts what depends on several axes; nullptr where nothing does.
  void (*adjust)(Combination& row, const Options& options) = nullptr;
};

/// The name of the run's zoo: of its file, or of the folder where the file is zoo.json;
/// "architectures" without a file.
[[nodiscard]] std::string zoo_name(const Options& options);
/// The names of the candidates that a row reads, in the order of the zoo; none for a row of a kind
/// of input.
[[nodiscard]] std::vector<std::string> candidates_of(const Combination& row,
                                                     const Options& options);

/// The batch sizes of a step that sweeps over them, unless the flag gives some.
[[nodiscard]] Values swept_batches(const Combination& row, const Options& options);
/// One batch size per device, unless the flag gives some.
[[nodiscard]] Values one_batch(const Combination& row, const Options& options);

/// The rows of one step for all subjects, in the order of the zoo. A value that is given twice
/// counts once.
[[nodiscard]] Combinations rows_of(const StepRows& step, const Options& options);

/// The rows whose name matches Google Benchmark's filter (a leading `-` inverts it). Throws
/// std::invalid_argument for a malformed regular expression.
[[nodiscard]] Combinations filtered(const Combinations& rows, const std::string& filter);

}  // namespace model_search
