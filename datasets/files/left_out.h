// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>

namespace model_search {

/// How many entries of a data set's folders are not items, by kind.
class LeftOut {
 public:
  void add(const std::string& kind) { ++counts_[kind]; }
  /// Adds a file by the end of its name. Ends with other than letters and digits, which must not
  /// reach a terminal, are one kind.
  void add_by_name(const std::filesystem::path& file);

  [[nodiscard]] std::size_t total() const;
  /// The most frequent kinds first: "6 .heic, 4 .txt, 2 hidden".
  [[nodiscard]] std::string describe() const;

 private:
  std::map<std::string, std::size_t> counts_;
};

}  // namespace model_search
