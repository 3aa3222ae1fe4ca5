// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>

#include "benchmarks/grid/cache_choice.h"
#include "benchmarks/grid/product.h"
#include "benchmarks/steps/counter.h"
#include "benchmarks/steps/step_fixture.h"

namespace model_search {

/// A step as its file in benchmarks/steps/ declares it: its rows, its counters, and what measures a
/// row.
struct StepEntry {
  StepRows rows;
  /// What its rows mean, as their counter `row_version`. It goes up when the timed region holds
  /// something else, or reaches its data in another way, under an unchanged name: rows of two
  /// versions are not compared.
  int row_version = 1;
  /// The counters of its rows besides shared_counters().
  std::vector<Counter> counters{};
  std::unique_ptr<StepFixture> (*make)(RunState& run, const Combination& combination);
};

/// Makes a fixture that needs nothing but the row.
template <typename Fixture>
std::unique_ptr<StepFixture> make_fixture(RunState& run, const Combination& combination) {
  return std::make_unique<Fixture>(run, combination);
}

/// The steps, in the order in which a search runs them.
[[nodiscard]] std::span<const StepEntry> step_table();

[[nodiscard]] const StepEntry& step_of(Step step);

/// The counters that rows of several steps have.
[[nodiscard]] std::vector<Counter> shared_counters();

/// The rows of all steps that --steps selects, step by step, so that the rows of one network are
/// next to each other. `choose` gives the default of `cache=`. Builds and loads nothing.
[[nodiscard]] Combinations combinations(const Options& options, const CacheChoice& choose);
/// The same with the session's choice (fastest_cache.h).
[[nodiscard]] Combinations combinations(Session& session);

/// Registers each row with Google Benchmark. The fixtures live until the process ends.
void register_rows(const Combinations& rows, RunState& run);

}  // namespace model_search
