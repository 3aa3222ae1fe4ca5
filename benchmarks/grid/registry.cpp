// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/grid/registry.h"

#include <array>
#include <memory>
#include <regex>
#include <set>
#include <stdexcept>
#include <utility>

#include "benchmarks/grid/step_rows.h"
#include "benchmarks/steps/steps.h"
#include "fixtures/models/architecture.h"

namespace model_search {
namespace {

/// A step: its rows and its fixture. To add one: see CONTRIBUTING.md.
struct StepEntry {
  Step step;
  bool per_network;  ///< one subject per candidate, else per kind of input
  Combinations (*rows)(const Options&, const Subject& subject);
  std::unique_ptr<StepFixture> (*make)(Session&, const Combination&);
};

constexpr std::array<StepEntry, 9> step_table{{
    {Step::load_model, true, load_model_rows, make_load_model},
    {Step::load_data, false, load_data_rows, make_load_data},
    {Step::data_to_device, false, data_to_device_rows, make_data_to_device},
    {Step::inference, true, inference_rows, make_inference},
    {Step::write_activations, true, write_activations_rows, make_write_activations},
    {Step::score, true, score_rows, make_score},
    {Step::end_to_end, true, end_to_end_rows, make_end_to_end},
    {Step::max_batch_size, true, max_batch_size_rows, make_max_batch_size},
    {Step::blocks, true, blocks_rows, make_blocks},
}};

const StepEntry& entry_of(Step step) {
  return step_table[static_cast<std::size_t>(step)];
}

/// Kinds of input that the candidates take, images first.
std::vector<Subject> inputs_of(const Options& options) {
  std::vector<Subject> subjects;
  for (const char* input : {"images", "text"}) {
    for (const ZooEntry& entry : options.zoo) {
      if (find_architecture(entry.architecture).input != input) continue;
      subjects.push_back({input, input});
      break;
    }
  }
  return subjects;
}

std::vector<Subject> candidates_of(const Options& options) {
  std::vector<Subject> subjects;
  for (const ZooEntry& entry : options.zoo) {
    subjects.push_back({entry.name, find_architecture(entry.architecture).input});
  }
  return subjects;
}

bool selected(const Options& options, Step step) {
  for (const std::string& name : options.steps) {
    if (name == step_name(step).name) return true;
  }
  return false;
}

}  // namespace

std::vector<Combination> combinations(const Options& options) {
  Combinations all;
  std::set<std::string> names;
  for (const StepEntry& entry : step_table) {
    if (!selected(options, entry.step)) continue;
    for (const Subject& subject : entry.per_network ? candidates_of(options) : inputs_of(options)) {
      for (Combination& row : entry.rows(options, subject)) {
        // A value given twice is measured once.
        if (names.insert(row.name()).second) all.push_back(std::move(row));
      }
    }
  }
  return all;
}

void register_combinations(const std::vector<Combination>& combinations, Session& session) {
  for (const Combination& row : combinations) {
    const std::shared_ptr<StepFixture> fixture = entry_of(row.step).make(session, row);
    session.fixtures.push_back(fixture);
    auto* registered = benchmark::RegisterBenchmark(
        row.family().c_str(), [fixture](benchmark::State& state) { fixture->Run(state); });
    if (row.batch > 0) registered->ArgName("batch")->Arg(row.batch);
    registered->UseManualTime()->Unit(benchmark::kMillisecond);
  }
}

std::vector<Combination> filtered(const std::vector<Combination>& combinations,
                                  const std::string& filter) {
  if (filter.empty() || filter == "all") return combinations;
  const bool inverted = filter.front() == '-';
  try {
    const std::regex pattern(inverted ? filter.substr(1) : filter, std::regex::extended);
    std::vector<Combination> kept;
    for (const Combination& row : combinations) {
      if (std::regex_search(row.name(), pattern) != inverted) kept.push_back(row);
    }
    return kept;
  } catch (const std::regex_error& error) {
    throw std::invalid_argument("--benchmark_filter=" + filter +
                                " is no regular expression: " + error.what());
  }
}

}  // namespace model_search
