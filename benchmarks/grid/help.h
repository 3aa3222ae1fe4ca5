// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace model_search {

/// The text of `--help`: the flags that most runs need, by question, with their defaults; examples;
/// the other commands. Fewer than 60 lines of at most 100 columns.
[[nodiscard]] std::string short_help();

/// The flags of Google Benchmark that a message about an unknown flag may suggest.
[[nodiscard]] std::vector<std::string> benchmark_flag_names();

}  // namespace model_search
