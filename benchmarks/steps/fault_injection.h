// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace model_search {

/// Simulates the failures that a sweep must survive, for tests: MODEL_SEARCH_FAULT in the
/// environment holds `<kind>:<part of a benchmark's name>`. Does nothing without it, or for other
/// names. Kinds: `error` and `out_of_memory` throw as a real one would; `kill` ends the process
/// with SIGKILL; `lost_device` throws and leaves every later row on that device failing, as an
/// error does after which a CUDA context is of no use. Throws std::invalid_argument for others.
void inject_fault(const std::string& benchmark);

/// Whether a simulated `lost_device` has happened.
[[nodiscard]] bool simulated_loss();

}  // namespace model_search
