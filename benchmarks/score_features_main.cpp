// SPDX-License-Identifier: Apache-2.0
// Scores features that are files, whoever extracted them, and prints JSON. tools/rank.py makes a
// ranking of it. A file that cannot be used, and a score that a file cannot have, is an error in
// the JSON, and the exit code says so; the others are scored.
#include <ATen/Parallel.h>

#include <CLI/CLI.hpp>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "benchmarks/results/exit_code.h"
#include "benchmarks/timed_scores.h"
#include "datasets/text/printable.h"
#include "fixtures/devices/device.h"
#include "fixtures/devices/environment.h"
#include "fixtures/searching/score_file.h"
#include "fixtures/searching/scores/score_table.h"

namespace model_search {
namespace {

using Json = nlohmann::ordered_json;

struct Flags {
  std::vector<std::string> files;
  std::vector<std::string> probes = score_names();
  std::string device = "cpu";
  std::string labels;
  std::uint64_t seed = 0;
  int repetitions = 1;
  int warmup = 1;
  int threads = static_cast<int>(cores_allowed());
};

void declare_flags(CLI::App& app, Flags& flags) {
  app.add_option("files", flags.files,
                 "safetensors files, one for each candidate: features [N, D], labels [N], and "
                 "optionally source_probabilities [N, Z]")
      ->required();
  app.add_option("--probes", flags.probes, "Scores, separated by commas")
      ->delimiter(',')
      ->capture_default_str();
  app.add_option("--device", flags.device, "cpu, cuda, cuda1, …")->capture_default_str();
  app.add_option("--labels", flags.labels,
                 "safetensors file with labels [N], for files that have none");
  app.add_option("--seed", flags.seed, "Of the split, of initial weights and of batches");
  app.add_option("--repetitions", flags.repetitions, "Timed runs of each score")
      ->check(CLI::PositiveNumber);
  app.add_option("--warmup", flags.warmup,
                 "Untimed runs of each score on the first file of its sizes: what is done once")
      ->check(CLI::NonNegativeNumber);
  app.add_option("--threads", flags.threads,
                 "LibTorch's threads on the CPU, at most four for each core")
      ->check(CLI::Range(1, 4 * static_cast<int>(cores_allowed())))
      ->capture_default_str();
}

int score_features(int argc, char** argv) {
  Flags flags;
  CLI::App app("Scores features that are files, and prints JSON.", "score_features");
  declare_flags(app, flags);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    std::puts(app.help().c_str());
    return all_measured;
  }

  const Device device = find_device(flags.device);
  std::vector<Json> needs;
  for (const std::string& name : flags.probes) {
    const Score& score = find_score(name);
    needs.push_back(
        {{"score", score.name}, {"needs_source_probabilities", score.needs.source_probabilities}});
  }
  const std::vector<std::int64_t> labels =
      flags.labels.empty() ? std::vector<std::int64_t>{} : read_labels(flags.labels);
  at::set_num_threads(flags.threads);
  initialize(device);

  Json context;
  for (const auto& [name, value] : describe_environment({device})) context[name] = value;
  context["device"] = device.name;
  context["device_name"] = hardware_name(device);
  context["threads"] = flags.threads;
  context["seed"] = flags.seed;
  Json document{{"context", context}, {"scores", needs}, {"files", Json::array()}};
  TimedScores scores(flags.probes, {flags.seed, flags.repetitions, flags.warmup}, device);
  for (const std::string& path : flags.files) {
    document["files"].push_back(scores.of_file(path, labels));
  }
  std::puts(document.dump(1, ' ', false, Json::error_handler_t::replace).c_str());
  return scores.complete() ? all_measured : some_failed;
}

}  // namespace
}  // namespace model_search

int main(int argc, char** argv) {
  try {
    model_search::set_cuda_connections();
    return model_search::score_features(argc, argv);
  } catch (const std::exception& error) {
    model_search::note(error.what());
  }
  return model_search::bad_usage;
}
