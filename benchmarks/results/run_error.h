// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace model_search {

/// Marks a run as failed, with the members of this version of Google Benchmark: 1.8 renamed them.
template <typename Run>
void set_error(Run& run, const std::string& message) {
  if constexpr (requires { run.error_occurred; }) {
    run.error_occurred = true;
    run.error_message = message;
  } else {
    constexpr int skipped_with_error = 2;
    run.skipped = static_cast<decltype(run.skipped)>(skipped_with_error);
    run.skip_message = message;
  }
}

/// Why a run failed; empty where it did not.
template <typename Run>
[[nodiscard]] std::string error_of(const Run& run) {
  if constexpr (requires { run.error_occurred; }) {
    return run.error_occurred ? run.error_message : std::string();
  } else {
    return static_cast<int>(run.skipped) != 0 ? run.skip_message : std::string();
  }
}

}  // namespace model_search
