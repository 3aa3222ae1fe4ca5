// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "benchmarks/steps/counter.h"
#include "benchmarks/steps/row.h"
#include "fixtures/searching/candidate_search.h"

namespace model_search {

/// Counters of EndToEnd, some of which Search has as well.
[[nodiscard]] std::vector<Counter> end_to_end_counters();

/// Adds where the seconds of a search went. Steps that are `overlapped` were at work at the same
/// time, and the label names the busiest; otherwise their seconds add up to those of the search.
void add_seconds(Row& row, const CandidateSearch& run, bool overlapped);

/// Adds the seconds of each step alone, and the search's over those of the slowest.
void add_steps_alone(Row& row, const CandidateSearch& run, const StepSeconds& alone);

}  // namespace model_search
