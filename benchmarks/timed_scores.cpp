// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/timed_scores.h"

#include <c10/util/Exception.h>

#include <chrono>
#include <cmath>
#include <exception>
#include <stdexcept>

#include "datasets/text/printable.h"
#include "fixtures/searching/score_file.h"
#include "fixtures/searching/scores/score_table.h"

namespace model_search {
namespace {

using Json = nlohmann::ordered_json;

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

/// 0 where it has no source probabilities.
std::int64_t source_classes(const ScoreData& data) {
  return data.source_probabilities.defined() ? data.source_probabilities.size(1) : 0;
}

}  // namespace

Json TimedScores::of_file(const std::string& path, const std::vector<std::int64_t>& labels) {
  Json entry{{"file", printable(path)}};
  try {
    const ScoreData data = read_score_file(path, labels, device_, timing_.seed);
    entry["items"] = data.features.size(0);
    entry["width"] = data.features.size(1);
    entry["classes"] = data.classes;
    entry["feature_bytes"] = data.features.nbytes();
    if (source_classes(data) > 0) entry["source_classes"] = source_classes(data);
    entry["scores"] = Json::array();
    for (const std::string& name : names_) entry["scores"].push_back(score(find_score(name), data));
  } catch (const std::exception&) {
    entry["error"] = reason();
    complete_ = false;
  }
  return entry;
}

Json TimedScores::score(const Score& score, const ScoreData& data) {
  Json entry{{"score", score.name}};
  try {
    ScoreOptions options;
    options.seed = timing_.seed;
    const Sizes sizes{std::string(score.name), data.features.size(0), data.features.size(1),
                      data.classes, source_classes(data)};
    const int warmup = warm_.contains(sizes) ? 0 : timing_.warmup;
    ScoreResult result;
    for (int run = 0; run < warmup; ++run) result = run_score(score, data, options);
    std::vector<double> seconds;
    for (int run = 0; run < timing_.repetitions; ++run) {
      synchronize(device_);
      const auto start = std::chrono::steady_clock::now();
      result = run_score(score, data, options);
      synchronize(device_);
      const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
      seconds.push_back(taken.count());
    }
    // Where it failed before, the next file of these sizes is the first one.
    warm_.insert(sizes);
    if (!std::isfinite(result.value)) throw std::runtime_error("the score is not a finite number");
    entry["value"] = result.value;
    entry["seconds"] = seconds;
    entry["warmup"] = warmup;
    add_number(entry, "accuracy", result.accuracy);
    add_number(entry, "loss", result.loss);
    if (result.converged) entry["converged"] = *result.converged;
    for (std::size_t i = 0; i < result.figures.size(); ++i) {
      add_number(entry, std::string(score.figures.at(i).name), result.figures[i]);
    }
  } catch (const std::exception&) {
    entry["error"] = reason();
    complete_ = false;
  }
  return entry;
}

}  // namespace model_search
