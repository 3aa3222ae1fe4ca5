// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/results/summary.h"

#include <algorithm>

#include "datasets/text/printable.h"

namespace model_search {
namespace {

/// The value of an entry; empty where there is none.
std::string value_of(const Facts& facts, const std::string& name) {
  const auto found =
      std::ranges::find_if(facts, [&](const auto& fact) { return fact.first == name; });
  return found == facts.end() ? std::string() : found->second;
}

std::string joined(const std::vector<std::string>& parts, const std::string& separator) {
  std::string text;
  for (const std::string& part : parts) {
    if (!part.empty()) text += (text.empty() ? "" : separator) + part;
  }
  return text;
}

std::string data_of(const Facts& facts, const std::string& kind, const std::string& unit) {
  const std::string name = value_of(facts, kind);
  if (name.empty()) return {};
  const std::string chosen = value_of(facts, kind + "_items");
  if (!chosen.empty()) return chosen + " (" + name + ")";
  const std::string classes = value_of(facts, kind + "_classes");
  const std::string labels = classes == "0"   ? "without labels"
                             : classes == "1" ? "of one class"
                                              : "of " + classes + " classes";
  return value_of(facts, kind + "_" + unit) + " " + unit + " " + labels + " (" + name + ")";
}

}  // namespace

std::string summarize_run(const Facts& facts, std::size_t rows, const std::string& out) {
  const auto fact = [&facts](const std::string& name) { return value_of(facts, name); };
  const std::string machine =
      joined({fact("gpu_name"), fact("cores_allowed") + " cores of " + fact("cpu_model"),
              "LibTorch " + fact("libtorch_version")},
             ", ");
  const std::string data =
      joined({data_of(facts, "data", "images"), data_of(facts, "text", "texts"),
              fact("weights") == "random" ? "random weights" : "checkpoints"},
             ", ");
  return "model_search_bench " + fact("program_version") + " (" + fact("git_revision") + ") on " +
         machine + "\n" + data + "\n" + std::to_string(rows) + (rows == 1 ? " row" : " rows") +
         (out.empty() ? "; --benchmark_out=FILE.json keeps them with all settings"
                      : " for " + printable(out) + ", whose context has all settings") +
         "\n";
}

}  // namespace model_search
