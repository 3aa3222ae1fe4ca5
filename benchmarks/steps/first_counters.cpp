// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/steps/first_counters.h"

namespace model_search {

std::vector<Counter> first_counters() {
  return {
      {"pin_seconds", "s", "lower",
       "EndToEnd: seconds of making pinned buffers, outside of what is measured"},
      {"first_load_model_seconds", "s", "",
       "EndToEnd: seconds of loading the model during the warm-up"},
      {"first_load_data_seconds", "s", "",
       "EndToEnd: seconds of loading the batches that warm up, as the row's mode counts them"},
      {"first_data_to_device_seconds", "s", "",
       "EndToEnd: seconds of copying the batches that warm up, as the row's mode counts them"},
      {"first_inference_seconds", "s", "lower",
       "LoadModel: seconds of the first item through the loaded network, on a CPU with as many "
       "threads as --threads says; EndToEnd: of the first batch of every shape, during the "
       "warm-up"},
      {"first_score_seconds", "s", "", "EndToEnd: seconds of the proxy score during the warm-up"},
  };
}

void add_first_seconds(Row& row, const FirstSeconds& seconds, const Device& device) {
  auto& counters = row.counters;
  if (device.is_cuda()) counters["pin_seconds"] = seconds.pin;
  counters["first_load_model_seconds"] = seconds.load_model;
  counters["first_load_data_seconds"] = seconds.load_data;
  counters["first_data_to_device_seconds"] = seconds.data_to_device;
  counters["first_inference_seconds"] = seconds.inference;
  counters["first_score_seconds"] = seconds.score;
}

}  // namespace model_search
