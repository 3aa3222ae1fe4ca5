// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "benchmarks/grid/options.h"
#include "fixtures/measuring/rate_table.h"
#include "fixtures/searching/feature_check.h"
#include "fixtures/searching/workspace.h"

namespace model_search {

/// What the rows of a run read and compare themselves with. It is made once and outlives the rows.
/// Nothing in it depends on which rows ran before, except what is made only once: files of the
/// cache folder, rates of the machine, and reference features.
struct Session : Workspace {
  explicit Session(const Options& settings);

  const Options options;
  RateTable rates;
  FeatureChecks feature_checks;
};

}  // namespace model_search
