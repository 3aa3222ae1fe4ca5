// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "benchmarks/steps/row.h"
#include "fixtures/measuring/rate_table.h"
#include "fixtures/searching/stage_facts.h"

namespace model_search {

/// Adds how near a batch that took `row.seconds` comes to the bounds of its device:
/// - `bytes`: the least that its operators read and write; `arithmetic_intensity`: floating-point
///   operations (two per multiply-accumulate) per byte;
/// - `peak_matrix_flops`, `peak_copy_bytes`: the rates per second of a large matrix product in the
///   batch's precision and of a large copy; `achieved_matrix`, `achieved_copy`: the batch's share
///   of these rates;
/// - `bound_compute`: 1 where `achieved_matrix` is the larger share, so that arithmetic is the
///   nearer bound, and 0 where memory is.
/// `element_bytes` is the size of an element in the network's precision.
void add_roofline(Row& row, const Work& work, std::size_t batch, double element_bytes,
                  double peak_matrix_flops, double peak_copy_bytes);

/// The precision in which a large matrix product is as fast as the network can be: with
/// `precision=torch`, convolutions use TF32 and matrix products do not.
[[nodiscard]] const Precision& peak_precision(const Architecture& architecture,
                                              const std::string& precision);

}  // namespace model_search
