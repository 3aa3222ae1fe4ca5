// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/results/sample_file.h"

#include <fstream>
#include <nlohmann/json.hpp>
#include <system_error>

#include "benchmarks/results/result_file.h"
#include "benchmarks/results/whole_file.h"
#include "datasets/files/json_text.h"
#include "datasets/text/printable.h"

namespace model_search {
namespace {

std::string name_of(Ending ending) {
  switch (ending) {
    case Ending::precision:
      return "precision";
    case Ending::budget:
      return "budget";
    default:
      return "batches";
  }
}

/// The row that a line belongs to; empty where a killed process left a part of it.
std::string row_of(const std::string& line) {
  try {
    const nlohmann::json row = parse_json(line);
    return row.is_object() ? row.value("name", "") : "";
  } catch (const std::exception&) {
    return "";
  }
}

}  // namespace

SampleFile::SampleFile(const std::filesystem::path& results, const std::set<std::string>& kept)
    : path_(next_to_results(results, ".samples.jsonl")) {
  std::string lines;
  if (!kept.empty()) {
    std::ifstream before(path_);
    for (std::string line; std::getline(before, line);) {
      if (kept.contains(row_of(line))) lines += line + "\n";
    }
  }
  try {
    write_whole_file(path_, lines);
  } catch (const std::system_error&) {
    warn();
  }
}

void SampleFile::add(const std::string& name, const Samples& samples) {
  if (path_.empty() || samples.measured.empty()) return;
  const nlohmann::ordered_json line = {
      {"name", name},
      {"ended_by", name_of(samples.ending)},
      {"submit_seconds", samples.submit},
      {"warmup", samples.warmup},
      {"measured", samples.measured},
  };
  // Writes a whole line at once, so that a killed process leaves whole lines.
  std::ofstream stream(path_, std::ios::app);
  stream << line.dump() + "\n" << std::flush;
  if (!stream) warn();
}

void SampleFile::warn() {
  if (warned_) return;
  note("cannot write to '" + path_.string() +
       "', which now lacks samples; the results are complete");
  warned_ = true;
}

}  // namespace model_search
