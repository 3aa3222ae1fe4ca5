// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "benchmarks/grid/options.h"

namespace model_search {

/// Sets what a preset says of flags that were not given; nothing without a preset. Throws
/// std::invalid_argument for an unknown one.
void apply_preset(const std::string& preset, Options& options);

/// Sets what was not given, after the cores were limited: some defaults follow from them.
/// Candidates and batch sizes stay empty; the latter depend on the step and the device.
void fill_defaults(Options& options);

}  // namespace model_search
