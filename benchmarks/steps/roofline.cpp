// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/steps/roofline.h"

namespace model_search {

void add_roofline(Row& row, const Work& work, std::size_t batch, double element_bytes,
                  double peak_matrix_flops, double peak_copy_bytes) {
  const auto items = static_cast<double>(batch);
  const double operations = 2 * work.macs * items;
  const double bytes = (work.item_bytes * items + work.batch_bytes) * element_bytes / 4;
  const double matrix = operations / row.seconds / peak_matrix_flops;
  const double copy = bytes / row.seconds / peak_copy_bytes;
  row.counters["bytes"] = bytes;
  row.counters["arithmetic_intensity"] = operations / bytes;
  row.counters["peak_matrix_flops"] = peak_matrix_flops;
  row.counters["peak_copy_bytes"] = peak_copy_bytes;
  row.counters["achieved_matrix"] = matrix;
  row.counters["achieved_copy"] = copy;
  row.counters["bound_compute"] = matrix >= copy ? 1 : 0;
}

const Precision& peak_precision(const Architecture& architecture, const std::string& precision) {
  const bool convolutions = architecture.input == "images" && architecture.family != "vit";
  return find_precision(precision == "torch" && convolutions ? "tf32" : precision);
}

}  // namespace model_search
