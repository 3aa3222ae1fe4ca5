// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "benchmarks/grid/axes.h"
#include "benchmarks/grid/shard.h"
#include "datasets/generated/default_dataset.h"
#include "datasets/generated/default_text.h"
#include "datasets/images/preprocess.h"
#include "fixtures/measuring/sampling_rule.h"
#include "fixtures/searching/cache_tier.h"
#include "fixtures/searching/zoo.h"

namespace model_search {

/// The options of a run: the values of every axis, and the settings that are not axes.
struct Options {
  std::map<const Axis*, Values> axis_values;  ///< from the flag, or the default
  std::map<const Axis*, bool> given;          ///< whether a flag or a preset sets the axis
  std::vector<ZooEntry> zoo;          ///< the candidates, from --candidates or architectures
  std::vector<std::string> left_out;  ///< candidates of other architectures than --architectures

  std::filesystem::path data_dir;    ///< photographs; empty: the embedded default data set
  std::filesystem::path text_dir;    ///< texts; empty: the embedded default text set
  std::filesystem::path candidates;  ///< a zoo file; empty: the architectures themselves
  std::string split = "train";
  std::string on_damage = "fail";  ///< or "skip": what becomes of damaged files
  std::int64_t max_pixels = Preprocessing{}.max_pixels;  ///< larger photographs are refused
  std::filesystem::path cache_dir;
  std::filesystem::path weights_dir;         ///< empty: random weights
  std::filesystem::path features_dir;        ///< empty: features are not kept
  std::filesystem::path trace_dir;           ///< empty: no traces of searches are written
  std::int64_t items = 0;                    ///< number of EndToEnd's items; 0: all
  std::uint64_t cache_limit = 32000000000U;  ///< bytes of cached activations on disk
  CacheBounds cache_bounds;                  ///< of those in memory; 0: a share of it
  std::uint64_t seed = 0;                    ///< seed of random weights, split and probe
  std::int64_t cores = 0;                    ///< 0: all that are allowed
  std::int64_t prefetch = 4;                 ///< batches read ahead in mode=prefetch and LoadData
  /// Seconds without progress after which a row is stalled (StallRule); 0: it never is.
  double stall_limit = 60;
  Sampling sampling;
  std::int64_t processes = 1;      ///< fresh processes in which each row is measured
  Shard shard;                     ///< the share of the rows that this process measures
  std::string store;               ///< with shard.pulls: HOST:PORT of the workers' store
  double store_wait = 300;         ///< seconds in which the store must answer first
  double lease_limit = 60;         ///< seconds of silence after which a worker's row is taken back
  std::filesystem::path expected;  ///< results by whose seconds rows are dealt out; may be empty
  bool kernel_span = false;        ///< check Inference's events against the profiler
  bool interleave = false;         ///< measure the rows of a network in random rounds
  bool common_max = false;         ///< the batch size is the largest that fits all rows
  bool resume = false;        ///< keep the rows of --benchmark_out and measure only what is missing
  bool retry_failed = false;  ///< with resume: measure failed rows again
  DefaultDataset default_dataset;
  DefaultText default_text;

  /// The values of an axis for the rows; empty where a rule decides row by row.
  [[nodiscard]] const Values& of(const Axis& axis) const { return axis_values.at(&axis); }
  [[nodiscard]] std::vector<std::string> words(const Axis& axis) const;
  [[nodiscard]] std::vector<std::int64_t> numbers(const Axis& axis) const;
  /// The first value of an axis, for what a row's name does not decide.
  [[nodiscard]] std::int64_t number(const Axis& axis) const { return numbers(axis).front(); }
  /// The bytes of --memory_limit; 0: the device's memory.
  [[nodiscard]] std::uint64_t memory_limit() const;
  [[nodiscard]] bool has_device(const std::string& name) const;
};

/// Reads the flags that Google Benchmark left over, except `--help`. Throws CLI::ParseError for
/// unknown flags and malformed numbers, and std::invalid_argument that names the flag, the value
/// and the choices for a value that is not allowed.
[[nodiscard]] Options parse_options(int argc, const char* const* argv);

/// A flag that is not an axis, for `--schema`.
struct Setting {
  std::string flag;
  std::string help;
  std::string standard;  ///< the default as text; empty where there is none
};
[[nodiscard]] std::vector<Setting> settings();

/// The help text of all these flags (`--help-all`).
[[nodiscard]] std::string options_help();

}  // namespace model_search
