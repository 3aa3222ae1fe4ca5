// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "benchmarks/grid/options.h"

namespace model_search {

/// Throws std::invalid_argument that names the flag, the value and the choices for the first value
/// that cannot be.
void check(const Options& options);

/// Fills in the zoo: the candidates of --candidates, or one per architecture with the weights of
/// --weights_dir or random ones. Throws std::invalid_argument where none is left.
void find_candidates(Options& options);

}  // namespace model_search
