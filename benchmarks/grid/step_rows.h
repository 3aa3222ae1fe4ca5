// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "benchmarks/grid/axes.h"

namespace model_search {

// The rows of each step for a candidate, or for a kind of input: the product of the step's axes.

[[nodiscard]] Combinations load_model_rows(const Options& options, const Subject& subject);
[[nodiscard]] Combinations load_data_rows(const Options& options, const Subject& subject);
[[nodiscard]] Combinations data_to_device_rows(const Options& options, const Subject& subject);
[[nodiscard]] Combinations inference_rows(const Options& options, const Subject& subject);
[[nodiscard]] Combinations write_activations_rows(const Options& options, const Subject& subject);
[[nodiscard]] Combinations score_rows(const Options& options, const Subject& subject);
[[nodiscard]] Combinations end_to_end_rows(const Options& options, const Subject& subject);
[[nodiscard]] Combinations max_batch_size_rows(const Options& options, const Subject& subject);
/// Full networks: where their time goes, block by block.
[[nodiscard]] Combinations blocks_rows(const Options& options, const Subject& subject);

}  // namespace model_search
