// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace model_search {

/// Simulates, for tests, the failures that a sweep must survive, and, for tests and the calibration
/// of comparisons, a slower program. MODEL_SEARCH_FAULT in the environment holds
/// `<kind>:<part of a benchmark's name>`; without it, and for other names, this does nothing. The
/// kinds `error` and `out_of_memory` throw as a real failure would; `kill` ends the process with
/// SIGKILL; `lost_device` throws and makes every later row on that device fail, as an error does
/// that makes a CUDA context unusable. `hang` never returns; with `block_disk`, `block_decoder` and
/// `block_device` the row's next read, decoding or wait for its device never returns. `slow=0.05`
/// makes each batch that the row samples take 5 % longer (SimulatedDelay). `device_failure=1` makes
/// the second device of the row's set fail at its second batch, and `device_failure=all` all of
/// them; `device_load_failure` at each network that it loads. Throws std::invalid_argument for
/// other kinds.
void inject_fault(const std::string& benchmark);

/// Whether a simulated `lost_device` has happened.
[[nodiscard]] bool simulated_loss();

}  // namespace model_search
