// SPDX-License-Identifier: Apache-2.0
// DataToDevice: enqueue -> copy of one batch complete, from pinned or pageable host memory.
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>

#include <algorithm>
#include <array>

#include "benchmarks/step_fixture.h"
#include "benchmarks/steps.h"
#include "fixtures/sampler.h"

namespace model_search {
namespace {

class DataToDevice : public StepFixture {
 public:
  using StepFixture::StepFixture;

 protected:
  void prepare() override {
    pinned_ = combination().key("transfer", "pinned") == "pinned";
    const auto items = static_cast<std::int64_t>(batch());
    const at::Tensor images = session().data.images(decoder(), items);
    const std::size_t bytes = images.nbytes();
    for (std::size_t i = 0; i < buffers; ++i) {
      memory_[i] = pinned_ ? allocate_pinned(bytes) : allocate_pageable(bytes);
      host_[i] = at::from_blob(memory_[i].get(), images.sizes(), at::TensorOptions(at::kFloat));
      host_[i].copy_(images);
      target_[i] = at::empty(images.sizes(), host_[i].options().device(device().torch()));
    }
  }

  Row measure() override {
    const Samples samples = sample(device(), options().sampling, [&](std::size_t index) {
      const std::size_t i = index % buffers;
      target_[i].copy_(host_[i], /*non_blocking=*/pinned_);
    });
    const at::Tensor back = target_[0].cpu();
    if (!back.equal(host_[0])) {
      throw std::runtime_error("the batch on " + combination().device +
                               " differs from the one on the host after the copy");
    }
    Row row;
    add_statistics(row, samples, batch());
    row.counters["bytes"] = static_cast<double>(host_[0].nbytes());
    row.counters["bytes_per_second"] = static_cast<double>(host_[0].nbytes()) / row.seconds;
    row.counters["launch_bound"] = samples.launch_bound(device()) && pinned_ ? 1 : 0;
    return row;
  }

  void release() override {
    for (std::size_t i = 0; i < buffers; ++i) {
      target_[i].reset();
      host_[i].reset();
      memory_[i].reset();
    }
  }

 private:
  static constexpr std::size_t buffers =
      2;  ///< in turn, so that no copy waits for another's target
  bool pinned_ = true;
  std::array<BatchMemory, buffers> memory_;
  std::array<at::Tensor, buffers> host_;
  std::array<at::Tensor, buffers> target_;
};

}  // namespace

std::unique_ptr<StepFixture> make_data_to_device(Session& session, const Combination& combination) {
  return std::make_unique<DataToDevice>(session, combination);
}

}  // namespace model_search
