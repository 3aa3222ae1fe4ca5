// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <set>
#include <string>

#include "fixtures/measuring/sampler.h"

namespace model_search {

/// Every sample of a run, in a file next to its results. Each line is the JSON object of a measured
/// row, with `name`, `ended_by` (batches, precision or budget), `submit_seconds`, and the seconds
/// of the `warmup` and of the `measured` batches in their order.
class SampleFile {
 public:
  /// Makes a file that writes nothing.
  SampleFile() = default;
  /// Opens `RESULTS.samples.jsonl` for the results `RESULTS.json`. Of an earlier run's lines, those
  /// of the rows `kept` stay; other rows were lost and are measured again.
  SampleFile(const std::filesystem::path& results, const std::set<std::string>& kept);

  /// Reports on stderr, once, where the file cannot be written.
  void add(const std::string& name, const Samples& samples);

 private:
  void warn();

  std::filesystem::path path_;
  bool warned_ = false;
};

}  // namespace model_search
