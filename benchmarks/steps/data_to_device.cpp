// SPDX-License-Identifier: Apache-2.0
// DataToDevice: from enqueuing the copy of one batch until it is complete, from pinned or pageable
// host memory.
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>

#include <array>
#include <vector>

#include "benchmarks/steps/sampling.h"
#include "benchmarks/steps/step_fixture.h"
#include "benchmarks/steps/steps.h"
#include "datasets/images/preprocess.h"
#include "fixtures/devices/copy_stream.h"
#include "fixtures/devices/gpu/normalize.h"
#include "fixtures/measuring/launch_share.h"
#include "fixtures/measuring/sampler.h"

namespace model_search {
namespace {

class DataToDevice : public StepFixture {
 public:
  using StepFixture::StepFixture;

 protected:
  void prepare() override {
    pinned_ = !combination().is(axes().transfer, "pageable");
    const Batch items =
        pad(session().data.items(input(), static_cast<std::int64_t>(batch())), input().padding);
    bytes_ = items.values.nbytes() + (items.mask.defined() ? items.mask.nbytes() : 0);
    for (std::size_t i = 0; i < buffers; ++i) {
      host_[i].values = hold(items.values);
      target_[i].values = device_like(items.values);
      if (items.content() == ItemContent::pixels) {
        normalized_ =
            at::empty({items.values.size(0), 3, items.values.size(1), items.values.size(2)},
                      at::TensorOptions(at::kFloat).device(device().torch()));
      }
      if (!items.mask.defined()) continue;
      host_[i].mask = hold(items.mask);
      target_[i].mask = device_like(items.mask);
    }
  }

  Row measure() override {
    const auto copy = [&](std::size_t index) {
      const std::size_t i = index % buffers;
      target_[i].values.copy_(host_[i].values, /*non_blocking=*/pinned_);
      if (host_[i].mask.defined()) {
        target_[i].mask.copy_(host_[i].mask, /*non_blocking=*/pinned_);
      }
      if (normalized_.defined()) normalize_pixels(target_[i].values, Preprocessing{}, normalized_);
    };
    Samples samples;
    if (combination().is(axes().transfer, "pinned_async")) {
      const CopyStream copies(device());
      (void)copies.run([&] {
        samples = sample(device(), options().sampling, copy);
        measure_launch_share(device(), samples, copy);
        return Batch();
      });
    } else {
      samples = sample(device(), options().sampling, copy);
      // A copy from pageable memory ends before the call returns.
      if (pinned_) measure_launch_share(device(), samples, copy);
    }
    const bool equal = target_[0].values.cpu().equal(host_[0].values) &&
                       (!host_[0].mask.defined() || target_[0].mask.cpu().equal(host_[0].mask));
    if (!equal) {
      throw std::runtime_error("the batch on " + combination().device +
                               " differs from the one on the host after the copy");
    }
    if (normalized_.defined()) check_normalized();
    Row row;
    add_statistics(row, samples, batch());
    row.counters["bytes"] = static_cast<double>(bytes_);
    row.counters["bytes_per_second"] = static_cast<double>(bytes_) / row.seconds;
    return row;
  }

  void release() override {
    for (std::size_t i = 0; i < buffers; ++i) {
      target_[i] = {};
      host_[i] = {};
    }
    normalized_ = at::Tensor();
    memory_.clear();
  }

 private:
  /// Checks that the GPU normalizes the pixels to what a CPU makes of the same files.
  void check_normalized() const {
    const at::Tensor expected =
        session().data.items(input().reference(), static_cast<std::int64_t>(batch())).values;
    // Both buffers hold the same batch.
    if (normalized_.cpu().equal(expected)) return;
    throw std::runtime_error("the batch that was normalized on " + combination().device +
                             " differs from the one normalized on the host");
  }
  /// Copies a batch to host memory of the kind that is measured.
  at::Tensor hold(const at::Tensor& tensor) {
    BatchMemory& memory = memory_.emplace_back(pinned_ ? allocate_pinned(tensor.nbytes())
                                                       : allocate_pageable(tensor.nbytes()));
    at::Tensor held = at::from_blob(memory.get(), tensor.sizes(), tensor.options());
    held.copy_(tensor);
    return held;
  }
  [[nodiscard]] at::Tensor device_like(const at::Tensor& tensor) const {
    return at::empty(tensor.sizes(), tensor.options().device(device().torch()));
  }

  static constexpr std::size_t buffers =
      2;  ///< used in turn, so that no copy waits for another's target
  bool pinned_ = true;
  at::Tensor normalized_;  ///< [N, 3, H, W] float32, where pixels are copied
  std::size_t bytes_ = 0;
  std::vector<BatchMemory> memory_;
  std::array<Batch, buffers> host_;
  std::array<Batch, buffers> target_;
};

}  // namespace

StepEntry data_to_device_step() {
  const Axes& a = axes();
  return {.rows = {.step = Step::data_to_device,
                   .subjects = Subjects::inputs,
                   .axes = {&a.device, &a.max_length, &a.padding, &a.tokenizer, &a.input,
                            &a.transfer, &a.batch},
                   .batches = swept_batches,
                   .accepts = [](const Combination& row) { return row.on_gpu(); }},
          .make = make_fixture<DataToDevice>};
}

}  // namespace model_search
