// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/calibration_photographs.h"

#include <ATen/ops/empty.h>

#include <algorithm>
#include <atomic>
#include <span>
#include <thread>
#include <vector>

#include "datasets/photograph_style.h"
#include "datasets/preprocess.h"
#include "datasets/synthetic_photograph.h"

namespace model_search {
namespace {

constexpr std::size_t items = 64;
/// Far from the seeds of the default data set: no item of it is among these.
constexpr std::uint64_t seed = 0x63616c6962726174ULL;

}  // namespace

at::Tensor calibration_photographs(std::size_t threads) {
  const Preprocessing settings;
  const auto item_values = static_cast<std::size_t>(3 * settings.crop * settings.crop);
  at::Tensor batch = at::empty({static_cast<std::int64_t>(items), 3, settings.crop, settings.crop},
                               at::TensorOptions(at::kFloat));
  auto* values = static_cast<float*>(batch.data_ptr());
  const std::span<const PhotographStyle> styles = photograph_styles();
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t item = next++; item < items; item = next++) {
      const Image image = draw_photograph(styles[item % styles.size()], seed + item);
      preprocess(image, settings, std::span(values + item * item_values, item_values));
    }
  };
  std::vector<std::jthread> workers;
  for (std::size_t i = 1; i < std::min(threads, items); ++i) workers.emplace_back(work);
  work();
  workers.clear();  // Waits for all of them.
  return batch;
}

}  // namespace model_search
