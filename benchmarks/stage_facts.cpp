// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/stage_facts.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>
#include <c10/core/InferenceMode.h>

#include "fixtures/operator_bytes.h"

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

at::Tensor items(const Architecture& architecture, std::int64_t count, std::int64_t length) {
  std::vector<std::int64_t> shape = architecture.input_shape;
  const bool text = architecture.input == "text";
  if (text) shape = {length};
  shape.insert(shape.begin(), count);
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
  at::Tensor one = items(architecture, 1, length);
  at::Tensor two = items(architecture, 2, length);
  std::vector<Stage> found(static_cast<std::size_t>(architecture.blocks) + 2);
  for (std::size_t i = 0; i < found.size(); ++i) {
    // One stage at a time, so that no second network stands in memory.
    const Network stage = architecture.build(
        architecture, source, stage_range(architecture, static_cast<std::int64_t>(i)));
    ForwardContext context;
    context.macs = &found[i].macs;
    const std::int64_t bytes_of_one = operator_bytes([&] {
      one = stage.forward({one, {}}, context);
    });
    const std::int64_t bytes_of_two = operator_bytes([&] { two = stage.forward(two); });
    found[i].item_bytes = bytes_of_two - bytes_of_one;
    found[i].batch_bytes = 2 * bytes_of_one - bytes_of_two;
    found[i].output = one.sizes().slice(1).vec();
  }
  return stages = std::move(found);
}

Work StageFacts::sum(const Candidate& candidate, const StageRange& range, std::int64_t length) {
  const std::vector<Stage>& facts = stages(candidate, length);
  Work work;
  const auto add = [&work](const Stage& stage) {
    work.macs += static_cast<double>(stage.macs);
    work.item_bytes += static_cast<double>(stage.item_bytes);
    work.batch_bytes += static_cast<double>(stage.batch_bytes);
  };
  if (range.stem) add(facts.front());
  if (range.head) add(facts.back());
  for (std::int64_t block = range.first_block; block < range.last_block; ++block) {
    add(facts.at(static_cast<std::size_t>(block) + 1));
  }
  return work;
}

Work StageFacts::work(const Candidate& candidate, const StageRange& range, const Lengths& lengths) {
  const std::int64_t params = parameter_count(candidate.architecture, range);
  if (candidate.architecture.input != "text") {
    Work work = sum(candidate, range, 0);
    work.params = params;
    return work;
  }
  // Through 1, 2 and 3 tokens: layers grow with the length, attention with its square.
  const Work one = sum(candidate, range, 1);
  const Work two = sum(candidate, range, 2);
  const Work three = sum(candidate, range, 3);
  const auto of_lengths = [&lengths](double first, double second, double third) {
    const double square = (third - 2 * second + first) / 2;
    const double linear = second - first - 3 * square;
    return first - linear - square + linear * lengths.mean() + square * lengths.mean_square();
  };
  return {of_lengths(one.macs, two.macs, three.macs), params,
          of_lengths(one.item_bytes, two.item_bytes, three.item_bytes), one.batch_bytes};
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
