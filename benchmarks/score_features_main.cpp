// SPDX-License-Identifier: Apache-2.0
// Scores features that are files, whoever extracted them, and prints JSON. tools/rank.py makes a
// ranking of it. A file that cannot be used, and a score that a file cannot have, is an error in
// the JSON; the others are scored.
#include <ATen/Parallel.h>
#include <c10/util/Exception.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "benchmarks/results/exit_code.h"
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
                 "Untimed runs of each score, on the first file: what is done once")
      ->check(CLI::NonNegativeNumber);
  app.add_option("--threads", flags.threads, "LibTorch's threads on the CPU")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
}

/// Adds a number, and leaves it out where it is not finite: JSON has no such numbers.
void add_number(Json& to, const std::string& name, double value) {
  if (std::isfinite(value)) to[name] = value;
}

/// What an entry says of the exception that is being handled, without LibTorch's C++ stack.
std::string reason() {
  try {
    throw;
  } catch (const c10::Error& error) {
    return printable(error.what_without_backtrace());
  } catch (const std::exception& error) {
    return printable(error.what());
  }
}

Json timed_score(const Score& score, const ScoreData& data, const Flags& flags, int warmup,
                 const Device& device) {
  ScoreOptions options;
  options.seed = flags.seed;
  Json entry{{"score", score.name}};
  try {
    ScoreResult result;
    for (int run = 0; run < warmup; ++run) result = run_score(score, data, options);
    std::vector<double> seconds;
    for (int run = 0; run < flags.repetitions; ++run) {
      synchronize(device);
      const auto start = std::chrono::steady_clock::now();
      result = run_score(score, data, options);
      synchronize(device);
      const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
      seconds.push_back(taken.count());
    }
    if (!std::isfinite(result.value)) throw std::runtime_error("the score is not a finite number");
    entry["value"] = result.value;
    entry["seconds"] = seconds;
    add_number(entry, "accuracy", result.accuracy);
    add_number(entry, "loss", result.loss);
    if (result.converged) entry["converged"] = *result.converged;
    for (std::size_t i = 0; i < result.figures.size(); ++i) {
      add_number(entry, std::string(score.figures.at(i).name), result.figures[i]);
    }
  } catch (const std::exception&) {
    entry["error"] = reason();
  }
  return entry;
}

Json scored_file(const std::string& path, const std::vector<std::int64_t>& labels,
                 const Flags& flags, int warmup, const Device& device) {
  Json entry{{"file", printable(path)}};
  try {
    const ScoreData data = read_score_file(path, labels, device, flags.seed);
    entry["items"] = data.features.size(0);
    entry["width"] = data.features.size(1);
    entry["classes"] = data.classes;
    entry["feature_bytes"] = data.features.nbytes();
    if (data.source_probabilities.defined()) {
      entry["source_classes"] = data.source_probabilities.size(1);
    }
    entry["scores"] = Json::array();
    for (const std::string& name : flags.probes) {
      entry["scores"].push_back(timed_score(find_score(name), data, flags, warmup, device));
    }
  } catch (const std::exception&) {
    entry["error"] = reason();
  }
  return entry;
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
  int warmup = flags.warmup;
  for (const std::string& path : flags.files) {
    Json entry = scored_file(path, labels, flags, warmup, device);
    if (entry.contains("scores")) warmup = 0;
    document["files"].push_back(std::move(entry));
  }
  std::puts(document.dump(1, ' ', false, Json::error_handler_t::replace).c_str());
  return all_measured;
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
