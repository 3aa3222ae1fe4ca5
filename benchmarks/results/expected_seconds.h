// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace model_search {

/// The seconds that rows took in earlier results, by their names: `row_seconds`, or in older files
/// what its counters add up to. Failed rows are left out, and repetitions are added. Throws
/// std::runtime_error that names `--expected` and the file where it is not Google Benchmark JSON.
[[nodiscard]] std::map<std::string, double> read_expected_seconds(
    const std::filesystem::path& path);

}  // namespace model_search
