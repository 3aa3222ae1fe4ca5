// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <set>
#include <string>

#include "fixtures/measuring/sampler.h"

namespace model_search {

/// Every sample of a run, beside its results: a JSON object per measured row and line with `name`,
/// `ended_by` (batches, precision or budget), `submit_seconds`, and the seconds of the `warmup` and
/// of the `measured` batches in their order.
class SampleFile {
 public:
  /// Writes nowhere.
  SampleFile() = default;
  /// For the results `RESULTS.json` the file `RESULTS.samples.jsonl`. Of an earlier run's lines
  /// those of the rows `kept` stay: of others the row was lost, and is measured again.
  SampleFile(const std::filesystem::path& results, const std::set<std::string>& kept);

  /// Says on stderr, once, where it cannot be written.
  void add(const std::string& name, const Samples& samples);

 private:
  void tell();

  std::filesystem::path path_;
  bool told_ = false;
};

}  // namespace model_search
