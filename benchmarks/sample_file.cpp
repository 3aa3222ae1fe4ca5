// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/sample_file.h"

#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

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

}  // namespace

SampleFile::SampleFile(const std::filesystem::path& results, bool append) : path_(results) {
  path_.replace_extension(".samples.jsonl");
  if (!append) std::ofstream(path_, std::ios::trunc);
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
  // One write of a whole line: a killed process leaves whole lines.
  std::ofstream stream(path_, std::ios::app);
  stream << line.dump() + "\n" << std::flush;
  if (!stream && !told_) {
    std::fprintf(stderr, "cannot write '%s'; its samples are missing there\n", path_.c_str());
    told_ = true;
  }
}

}  // namespace model_search
