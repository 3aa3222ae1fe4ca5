// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace model_search {

/// Exit codes of the program; the README lists them.
enum ExitCode {
  all_measured = 0,
  some_failed = 1,
  bad_usage = 2,
  nothing_matches = 3,
  was_interrupted = 4,
  not_written = 5,
};

}  // namespace model_search
