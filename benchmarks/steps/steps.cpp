// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/steps/steps.h"

#include <algorithm>
#include <array>

#include "benchmarks/steps/cache_counters.h"
#include "benchmarks/steps/device_counters.h"
#include "benchmarks/steps/fastest_cache.h"
#include "benchmarks/steps/first_counters.h"
#include "benchmarks/steps/loader_counters.h"
#include "benchmarks/steps/machine_counters.h"
#include "benchmarks/steps/network_fixture.h"
#include "benchmarks/steps/sampling.h"
#include "benchmarks/steps/score_counters.h"

namespace model_search {

// Each function is defined in the file that bears the step's name.
StepEntry load_model_step();
StepEntry load_data_step();
StepEntry data_to_device_step();
StepEntry inference_step();
StepEntry write_activations_step();
StepEntry score_step();
StepEntry end_to_end_step();
StepEntry max_batch_size_step();
StepEntry blocks_step();
StepEntry search_step();

std::span<const StepEntry> step_table() {
  static const std::array table{
      load_model_step(), load_data_step(),         data_to_device_step(),
      inference_step(),  write_activations_step(), score_step(),
      end_to_end_step(), max_batch_size_step(),    blocks_step(),
      search_step(),
  };
  return table;
}

const StepEntry& step_of(Step step) {
  return *std::ranges::find(step_table(), step,
                            [](const StepEntry& entry) { return entry.rows.step; });
}

std::vector<Counter> shared_counters() {
  std::vector<Counter> all = sampling_counters();
  for (const auto& part :
       {first_counters(), loader_counters(), machine_counters(), network_counters(),
        cache_counters(), score_counters(), device_counters()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

Combinations combinations(const Options& options, const CacheChoice& choose) {
  const std::vector<std::string> chosen = options.words(axes().step);
  Combinations all;
  for (const StepEntry& step : step_table()) {
    if (std::ranges::find(chosen, step_name(step.rows.step).name) == chosen.end()) continue;
    const Combinations rows = rows_of(step.rows, options);
    all.insert(all.end(), rows.begin(), rows.end());
  }
  return with_caches(all, options, choose);
}

Combinations combinations(Session& session) {
  return combinations(session.options,
                      [&](const Combination& row) { return fastest_cache(session, row); });
}

void register_rows(const Combinations& rows, RunState& run) {
  for (const Combination& row : rows) {
    const std::shared_ptr<StepFixture> fixture = step_of(row.step).make(run, row);
    run.fixtures.push_back(fixture);
    auto* registered = benchmark::RegisterBenchmark(
        row.family().c_str(), [fixture](benchmark::State& state) { fixture->Run(state); });
    if (row.batch > 0) registered->ArgName("batch")->Arg(row.batch);
    registered->UseManualTime();
    if (run.default_time_unit) registered->Unit(benchmark::kMillisecond);
  }
}

}  // namespace model_search
