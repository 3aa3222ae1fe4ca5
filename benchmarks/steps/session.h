// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "benchmarks/grid/common_batch.h"
#include "benchmarks/grid/options.h"
#include "benchmarks/results/progress.h"
#include "benchmarks/results/ranking.h"
#include "benchmarks/results/sample_file.h"
#include "benchmarks/steps/row.h"
#include "fixtures/measuring/rate_table.h"
#include "fixtures/searching/feature_check.h"
#include "fixtures/searching/workspace.h"

namespace model_search {

class StepFixture;

/// What all fixtures of a run share, made once and outliving each of them: what searches read and
/// keep, and what is known of rows already measured.
struct Session : Workspace {
  explicit Session(const Options& settings);

  const Options options;
  RateTable rates;
  Progress progress;
  Ranking ranking;

  /// The fixture that holds heavy objects now: the next one makes it let go of them.
  StepFixture* active = nullptr;
  /// Results by name with the place of the cut for the configuration: two configurations that cut
  /// at the same place are measured once.
  struct Twin {
    std::string configuration;
    Row row;
  };
  std::map<std::string, Twin> measured;
  /// Seconds of EndToEnd of full networks by name without the configuration: what a cached tail
  /// saves is told against them.
  std::map<std::string, double> full_seconds;
  FeatureChecks feature_checks;
  LargestBatches largest_batches;
  /// Of the rows that are registered now, in their order.
  std::vector<std::shared_ptr<StepFixture>> fixtures;
  std::size_t failures = 0;
  /// Where the samples of every row go.
  SampleFile samples;
  /// The benchmark whose failure left its device of no use to this process; empty for none.
  std::string lost_by;
};

}  // namespace model_search
