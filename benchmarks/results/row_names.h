// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <vector>

namespace model_search {

/// Names of rows for a person: without what all rows of a run share, which is shown once. Files and
/// `--benchmark_filter` know the whole names only.
class RowNames {
 public:
  RowNames() = default;
  explicit RowNames(const std::vector<std::string>& names);

  /// The `key=value` parts that all rows with that key share: "decoder=turbojpeg, workers=8"; empty
  /// for none.
  [[nodiscard]] const std::string& shared() const { return text_; }
  /// A name without these parts, and without `/manual_time`, which every name has.
  [[nodiscard]] std::string shorten(const std::string& name) const;

 private:
  std::set<std::string> parts_;
  std::string text_;
};

}  // namespace model_search
