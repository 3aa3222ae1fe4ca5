// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/results/merged_rounds.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "benchmarks/results/json_row.h"
#include "fixtures/measuring/student_interval.h"

namespace model_search {
namespace {

using Json = nlohmann::ordered_json;

/// One row in all processes that have it.
struct Rounds {
  std::string name;
  std::vector<const Json*> measured;
  std::vector<const Json*> failed;
};

std::vector<Rounds> by_row(const std::vector<Json>& documents) {
  std::vector<Rounds> rows;
  for (const Json& document : documents) {
    for (const Json& row : document.at("benchmarks")) {
      const std::string name = row.at("name");
      auto found = std::ranges::find(rows, name, &Rounds::name);
      if (found == rows.end()) found = rows.insert(rows.end(), {name, {}, {}});
      (is_failed_row(row) ? found->failed : found->measured).push_back(&row);
    }
  }
  return rows;
}

Json merged(Rounds rounds) {
  if (rounds.measured.empty()) return *rounds.failed.front();
  std::ranges::sort(rounds.measured, {}, [](const Json* row) { return row_seconds(*row); });
  Json row = *rounds.measured[(rounds.measured.size() - 1) / 2];
  row["processes"] = rounds.measured.size();
  row["failed_processes"] = rounds.failed.size();
  std::vector<double> seconds;
  for (const Json* one : rounds.measured) seconds.push_back(row_seconds(*one));
  if (seconds.size() > 1 && seconds.front() > 0) {
    row["ci95_processes_rel"] = relative_student_interval(seconds);
    row["processes_min"] = seconds.front();
    row["processes_max"] = seconds.back();
  }
  return row;
}

}  // namespace

std::vector<Counter> process_counters() {
  return {
      {"processes", "processes", "", "--processes: processes that measured the row"},
      {"failed_processes", "processes", "lower", "--processes: processes in which the row failed"},
      {"ci95_processes_rel", "share", "lower",
       "--processes: half the width of Student's 95 % interval of the processes' mean over that "
       "mean"},
      {"processes_min", "s", "lower", "--processes: seconds per iteration of the fastest process"},
      {"processes_max", "s", "lower", "--processes: seconds per iteration of the slowest process"},
  };
}

Json merge_rounds(const std::vector<Json>& documents) {
  Json result;
  result["context"] = documents.at(0).at("context");
  result["context"]["processes"] = std::to_string(documents.size());
  result["benchmarks"] = Json::array();
  for (const Rounds& row : by_row(documents)) result["benchmarks"].push_back(merged(row));
  return result;
}

}  // namespace model_search
