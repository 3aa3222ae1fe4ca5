// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "benchmarks/steps/row.h"
#include "fixtures/measuring/rate_table.h"
#include "fixtures/searching/stage_facts.h"

namespace model_search {

/// Adds what a batch that took `row.seconds` reached of what its device can do:
/// - `bytes`: what its operators read and write at least; `arithmetic_intensity`: floating-point
///   operations (two per multiply-accumulate) per byte;
/// - `peak_matrix_flops`, `peak_copy_bytes`: what a large matrix product in the batch's precision
///   and a large copy reach per second; `achieved_matrix`, `achieved_copy`: the batch's share of
///   them;
/// - `bound_compute`: 1 where the former share is the larger one, so that arithmetic is the nearer
///   bound, else 0: memory is.
/// `element_bytes` is the size of an element as the network computes.
void add_roofline(Row& row, const Work& work, std::size_t batch, double element_bytes,
                  double peak_matrix_flops, double peak_copy_bytes);

/// The precision in which a large matrix product is as fast as the network's may be: with
/// `precision=torch` convolutions use TF32 and matrix products do not.
[[nodiscard]] const Precision& peak_precision(const Architecture& architecture,
                                              const std::string& precision);

}  // namespace model_search
