// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/steps/end_to_end_counters.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "benchmarks/grid/product.h"

namespace model_search {
namespace {

std::string_view pipeline_step_name(std::size_t step) {
  constexpr std::array steps{Step::load_data, Step::data_to_device, Step::inference};
  return step_name(steps.at(step)).counter;
}

}  // namespace

std::vector<Counter> end_to_end_counters() {
  return {
      {"items", "items", "", "items of the search"},
      {"end_to_end", "s", "lower",
       "EndToEnd: seconds from the start of loading the model to the known score"},
      {"load_model", "s", "lower", "EndToEnd: seconds of loading the model"},
      {"load_data", "s", "lower",
       "EndToEnd: seconds of loading data; with mode=prefetch of waiting for data"},
      {"data_to_device", "s", "lower", "EndToEnd: seconds of copying batches to the device"},
      {"inference", "s", "lower", "EndToEnd: seconds of inference"},
      {"score", "s", "lower", "EndToEnd, Search: seconds of the proxy scores"},
      {"other", "s", "lower",
       "EndToEnd: end_to_end less all steps; Search: its seconds less extract_seconds and score"},
      {"extract_seconds", "s", "lower",
       "EndToEnd: seconds from the request for the first batch to the last feature; Search: until "
       "the "
       "last feature of all candidates"},
      {"busy_load_data", "s", "",
       "mode=overlapped, Search: seconds in which loading data was at work"},
      {"wait_load_data", "s", "",
       "mode=overlapped, Search: seconds in which loading data waited for its neighbors"},
      {"alone_load_data", "s", "lower",
       "mode=overlapped, Search: seconds of loading data without the other steps, measured after "
       "the "
       "row"},
      {"busy_data_to_device", "s", "",
       "mode=overlapped: seconds in which copying data was at work"},
      {"wait_data_to_device", "s", "",
       "mode=overlapped: seconds in which copying data waited for its neighbors"},
      {"alone_data_to_device", "s", "lower",
       "mode=overlapped: seconds of copying data without the other steps, measured after the row"},
      {"busy_inference", "s", "",
       "mode=overlapped, Search: seconds in which inference was at work"},
      {"wait_inference", "s", "",
       "mode=overlapped, Search: seconds in which inference waited for its neighbors"},
      {"alone_inference", "s", "lower",
       "mode=overlapped, Search: seconds of inference without the other steps, measured after the "
       "row"},
      {"limit_fraction", "share", "",
       "mode=overlapped: share of extract_seconds in which the busiest step was at work; the label "
       "names it"},
      {"elapsed_over_slowest_alone", "ratio", "lower",
       "mode=overlapped, Search: extract_seconds over the seconds of the slowest step alone"},
      {"separate_end_to_end", "s", "",
       "joint configurations: seconds of searching each head as a network of its own"},
      {"cached_end_to_end", "s", "",
       "joint configurations: seconds of building and filling the cache and searching each head as "
       "a tail that reads it"},
      {"gain_over_cached", "ratio", "higher",
       "joint configurations: cached_end_to_end over the row's seconds; above 1 the joint network "
       "is "
       "faster"},
  };
}

void add_seconds(Row& row, const CandidateSearch& run, bool overlapped) {
  auto& counters = row.counters;
  const Extraction& extraction = run.extraction;
  counters["end_to_end"] = run.end_to_end;
  counters["load_model"] = run.load_model;
  counters["score"] = run.score;
  counters["extract_seconds"] = extraction.elapsed;
  if (overlapped) {
    // The steps in between overlap, so that the sum of their shares exceeds the time.
    std::size_t limit = 0;
    for (std::size_t i = 0; i < pipeline_steps; ++i) {
      const std::string name(pipeline_step_name(i));
      counters["busy_" + name] = extraction.busy[i];
      counters["wait_" + name] = extraction.wait[i];
      if (extraction.busy[i] > extraction.busy[limit]) limit = i;
    }
    counters["limit_fraction"] = extraction.busy[limit] / extraction.elapsed;
    counters["other"] = run.end_to_end - run.load_model - extraction.elapsed - run.score;
    row.label = "limit=" + std::string(pipeline_step_name(limit));
    return;
  }
  double sum = run.load_model + run.score;
  for (std::size_t i = 0; i < pipeline_steps; ++i) {
    counters[std::string(pipeline_step_name(i))] = extraction.exclusive[i];
    sum += extraction.exclusive[i];
  }
  counters["other"] = run.end_to_end - sum;
}

void add_steps_alone(Row& row, const CandidateSearch& run, const StepSeconds& alone) {
  double slowest = 0;
  for (std::size_t i = 0; i < pipeline_steps; ++i) {
    row.counters["alone_" + std::string(pipeline_step_name(i))] = alone[i];
    slowest = std::max(slowest, alone[i]);
  }
  row.counters["elapsed_over_slowest_alone"] = run.extraction.elapsed / slowest;
}

}  // namespace model_search
