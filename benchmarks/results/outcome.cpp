// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/results/outcome.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "benchmarks/results/json_row.h"

namespace model_search {

std::optional<double> Outcome::number(const std::string& counter) const {
  const auto found = numbers.find(counter);
  return found != numbers.end() ? std::optional(found->second) : std::nullopt;
}

std::vector<std::string> Outcome::listed(const std::string& what) const {
  // Other words of a label may end in the same letters.
  const std::string words = " " + label;
  const std::size_t start = words.find(" " + what + "=");
  if (start == std::string::npos) return {};
  const std::size_t first = start + what.size() + 2;
  const std::string list = words.substr(first, words.find(' ', first) - first);
  std::vector<std::string> names;
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    names.push_back(list.substr(begin, end - begin));
    begin = end + 1;
  }
  return names;
}

std::map<std::string, std::int64_t> largest_batches(const Outcomes& outcomes) {
  std::map<std::string, std::int64_t> largest;
  for (const Outcome& outcome : outcomes) {
    if (const auto batch = outcome.number("max_batch_size")) {
      largest[outcome.name] = static_cast<std::int64_t>(*batch);
    }
  }
  return largest;
}

void add_outcomes(Outcomes& outcomes, std::string_view rows) {
  const std::string list = "[" + std::string(rows) + "]";
  const auto document = nlohmann::json::parse(list, nullptr, /*allow_exceptions=*/false);
  if (!document.is_array()) return;
  for (const nlohmann::json& row : document) {
    if (!row.is_object()) continue;
    if (is_failed_row(row)) continue;
    const std::string name = row.value("run_name", row.value("name", ""));
    if (row.value("run_type", "iteration") != "iteration") {
      // Only aggregates are there with --benchmark_report_aggregates_only.
      const bool known = std::ranges::find(outcomes, name, &Outcome::name) != outcomes.end();
      if (known || row.value("aggregate_name", "") != "median") continue;
    }
    Outcome outcome;
    outcome.name = name;
    outcome.label = row.value("label", "");
    outcome.seconds = row_seconds(row);
    for (const auto& [key, value] : row.items()) {
      if (value.is_number()) outcome.numbers[key] = value.get<double>();
    }
    outcomes.push_back(std::move(outcome));
  }
}

}  // namespace model_search
