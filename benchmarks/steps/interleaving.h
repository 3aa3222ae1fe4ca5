// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace model_search {

struct RunState;
class StepFixture;

/// Prepares the rows of the run that may be measured in turns with `first` (--interleave), as many
/// as fit into the device's memory at once. Then measures them in rounds: in each round every row
/// takes one turn of a few batches, in a random order (--seed), so that a drift of clocks,
/// temperature or load affects all rows alike. Ends when the sampling rule of each row has ended
/// it. A row that fails does not end the others.
void measure_in_turns(RunState& run, StepFixture& first);

/// A filter for Google Benchmark that selects the rows that took their turns and are not reported
/// yet; empty where there are none.
[[nodiscard]] std::string filter_of_waiting(const RunState& run);

}  // namespace model_search
