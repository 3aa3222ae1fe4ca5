// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "benchmarks/grid/common_batch.h"
#include "benchmarks/grid/options.h"
#include "benchmarks/results/progress.h"
#include "benchmarks/results/sample_file.h"
#include "benchmarks/steps/rate_table.h"
#include "benchmarks/steps/row.h"
#include "fixtures/searching/activation_cache.h"
#include "fixtures/searching/candidates.h"
#include "fixtures/searching/data_sets.h"
#include "fixtures/searching/stage_facts.h"

namespace model_search {

class StepFixture;

/// What all fixtures of a run share, made once and outliving each of them: the data, the
/// candidates, the caches, and what is known of rows already measured.
struct Session {
  explicit Session(const Options& settings)
      : options(settings),
        data(options),
        candidates(options),
        activations(options.cache_dir, options.cache_limit),
        rates(options.cache_dir) {}

  const Options options;
  DataSets data;
  Candidates candidates;
  StageFacts stage_facts;
  ActivationCache activations;
  RateTable rates;
  Progress progress;

  /// The fixture that holds heavy objects now: the next one makes it let go of them.
  StepFixture* active = nullptr;
  /// Results by name with the place of the cut for the configuration: two configurations that cut
  /// at the same place are measured once.
  struct Twin {
    std::string configuration;
    Row row;
  };
  std::map<std::string, Twin> measured;
  /// Combinations that were checked against the reference and found equal, with their distance.
  std::map<std::string, double> checked;
  /// Features of a few items by the full network on the CPU, by candidate and length of texts.
  std::map<std::string, at::Tensor> reference_features;
  /// Of the rows that are registered now, in their order.
  std::vector<std::shared_ptr<StepFixture>> fixtures;
  std::size_t failures = 0;
  /// Where the samples of every row go.
  SampleFile samples;
  /// The row whose failure made its device unusable to this process; empty for none.
  std::string lost_by;
};

}  // namespace model_search
