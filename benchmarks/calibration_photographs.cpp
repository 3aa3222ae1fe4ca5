// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/calibration_photographs.h"

#include <ATen/ops/empty.h>

#include <span>

#include "datasets/in_parallel.h"
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
  in_parallel(items, threads, [&](std::size_t item) {
    const Image image = draw_photograph(styles[item % styles.size()], seed + item);
    preprocess(image, settings, std::span(values + item * item_values, item_values));
  });
  return batch;
}

}  // namespace model_search
