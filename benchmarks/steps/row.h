// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "fixtures/measuring/sampler.h"

namespace model_search {

/// The result of one combination.
struct Row {
  double seconds = 0;                      ///< mean per iteration: Google Benchmark's real_time
  std::map<std::string, double> counters;  ///< SI units, snake_case; non-finite ones are left out
  std::string label;
  Samples samples;  ///< of steps that sample batches; otherwise empty
};

}  // namespace model_search
