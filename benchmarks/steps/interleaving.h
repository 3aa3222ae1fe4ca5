// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace model_search {

struct RunState;
class StepFixture;

/// Sets up the rows of the run that may be measured in turns with `first` (--interleave), as many
/// as fit into the device's memory at once, then measures them in rounds: in each round every row
/// takes one turn of a few batches, in an order drawn from --seed. A drift of clocks, temperature
/// or load then meets all rows alike. Ends when each row's sampling rule has ended it; a row that
/// fails leaves the others.
void measure_in_turns(RunState& run, StepFixture& first);

/// A filter of Google Benchmark's for the rows whose turns were taken and that are not reported
/// yet; empty for none.
[[nodiscard]] std::string filter_of_waiting(const RunState& run);

}  // namespace model_search
