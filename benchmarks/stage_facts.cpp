// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/stage_facts.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>
#include <c10/core/InferenceMode.h>

namespace model_search {
namespace {

/// Tensors whose values do not matter. (LibTorch's meta device, which needs none, knows no
/// convolution without Python.)
class CountingSource : public TensorSource {
 public:
  at::Tensor get(const std::string&, at::IntArrayRef shape, Init) override {
    return at::empty(shape, at::TensorOptions(at::kFloat)).fill_(1e-3);
  }
};

at::Tensor one_item(const Architecture& architecture, std::int64_t length) {
  std::vector<std::int64_t> shape = architecture.input_shape;
  const bool text = architecture.input == "text";
  if (text) shape = {length};
  shape.insert(shape.begin(), 1);
  return at::zeros(shape, at::TensorOptions(text ? at::kInt : at::kFloat));
}

}  // namespace

const std::vector<StageFacts::Stage>& StageFacts::stages(const Candidate& candidate,
                                                         std::int64_t length) {
  const Architecture& architecture = candidate.architecture;
  if (architecture.input != "text") length = 0;
  std::vector<Stage>& stages = stages_[candidate.key + " " + std::to_string(length)];
  if (!stages.empty()) return stages;
  const c10::InferenceMode inference;
  CountingSource source;
  at::Tensor values = one_item(architecture, length);
  std::vector<Stage> found(static_cast<std::size_t>(architecture.blocks) + 2);
  for (std::size_t i = 0; i < found.size(); ++i) {
    // One stage at a time, so that no second network stands in memory.
    const Network stage = architecture.build(
        architecture, source, stage_range(architecture, static_cast<std::int64_t>(i)));
    ForwardContext context;
    context.macs = &found[i].macs;
    values = stage.forward({values, {}}, context);
    found[i].output = values.sizes().slice(1).vec();
  }
  return stages = std::move(found);
}

double StageFacts::macs(const Candidate& candidate, const StageRange& range, std::int64_t length) {
  const std::vector<Stage>& facts = stages(candidate, length);
  std::int64_t macs = 0;
  if (range.stem) macs += facts.front().macs;
  if (range.head) macs += facts.back().macs;
  for (std::int64_t block = range.first_block; block < range.last_block; ++block) {
    macs += facts.at(static_cast<std::size_t>(block) + 1).macs;
  }
  return static_cast<double>(macs);
}

Work StageFacts::work(const Candidate& candidate, const StageRange& range, const Lengths& lengths) {
  Work work{0, parameter_count(candidate.architecture, range)};
  if (candidate.architecture.input != "text") {
    work.macs = macs(candidate, range, 0);
    return work;
  }
  // Through 1, 2 and 3 tokens: layers grow with the length, attention with its square.
  const double one = macs(candidate, range, 1);
  const double two = macs(candidate, range, 2);
  const double three = macs(candidate, range, 3);
  const double square = (three - 2 * two + one) / 2;
  const double linear = two - one - 3 * square;
  work.macs = one - linear - square + linear * lengths.mean() + square * lengths.mean_square();
  return work;
}

ItemShape StageFacts::output_shape(const Candidate& candidate, const StageRange& range,
                                   std::int64_t length) {
  const bool text = candidate.architecture.input == "text";
  const std::vector<Stage>& facts = stages(candidate, text ? 1 : 0);
  if (range.head) return {{facts.back().output}};
  ItemShape shape{{facts.at(static_cast<std::size_t>(range.last_block)).output}};
  if (text) {
    shape.front().dimensions.front() = length;
    shape.push_back({{length}, Element::boolean});
  }
  return shape;
}

}  // namespace model_search
