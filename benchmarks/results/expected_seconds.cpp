// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/results/expected_seconds.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "benchmarks/results/json_row.h"
#include "datasets/files/json_text.h"

namespace model_search {
namespace {

double seconds_of(const nlohmann::json& row) {
  if (row.contains("row_seconds")) return row.at("row_seconds").get<double>();
  const double prepared = row.value("setup_seconds", 0.0);
  const double iteration = row_seconds(row);
  const double batches = row.value("batches", 1.0) + row.value("warmup_batches", 0.0);
  return prepared + batches * iteration;
}

}  // namespace

std::map<std::string, double> read_expected_seconds(const std::filesystem::path& path) {
  std::map<std::string, double> seconds;
  try {
    const auto document = read_json<nlohmann::json>(path);
    for (const auto& row : document.at("benchmarks")) {
      if (is_failed_row(row) || row.value("run_type", "iteration") != "iteration") continue;
      const double found = seconds_of(row);
      if (!std::isfinite(found) || found <= 0) continue;
      seconds[row.value("run_name", row.value("name", ""))] += found;
    }
  } catch (const nlohmann::json::exception& error) {
    throw std::runtime_error("--expected: '" + path.string() +
                             "' is not Google Benchmark JSON: " + shortened(error.what()));
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(std::string("--expected: ") + error.what());
  }
  return seconds;
}

}  // namespace model_search
