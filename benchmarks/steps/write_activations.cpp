// SPDX-License-Identifier: Apache-2.0
// WriteActivations: the trunk's forward pass of one batch, and writing its result to the cache.
#include <algorithm>
#include <memory>
#include <optional>

#include "benchmarks/steps/network_fixture.h"
#include "benchmarks/steps/sampling.h"
#include "benchmarks/steps/steps.h"
#include "fixtures/devices/network_input.h"
#include "fixtures/searching/activation_shape.h"
#include "fixtures/searching/activations.h"

namespace model_search {
namespace {

/// The most bytes that a row writes to the disk while it measures: early cuts have megabytes per
/// item.
constexpr std::size_t scratch_bytes = std::size_t{4} << 30U;

class WriteActivations : public NetworkFixture {
 public:
  using NetworkFixture::NetworkFixture;

 protected:
  void prepare() override {
    range_ = configuration().trunk(architecture());
    input_ = input();
    trunk_.emplace(session().candidates.build(candidate(), range_, placement()));
    const auto size = static_cast<std::int64_t>(batch());
    const Batch items = session().data.items(input_, held_inputs * size);
    for (std::int64_t i = 0; i < held_inputs; ++i) {
      const Batch piece = pad(narrow(items, i * size, size), input_.padding);
      if (piece.mask.defined()) {
        lengths_.add(static_cast<double>(size), static_cast<double>(piece.mask.size(1)));
      }
      inputs_.push_back(clone(place_input(placement(), piece)));
    }
    item_ = stored_shape(activation_shape(architecture(), range_, input_.max_length), storage());
  }

  Row measure() override {
    ActivationKey key = activation_key(session(),
                                       {.candidate = candidate(),
                                        .range = range_,
                                        .device = device(),
                                        .input = input_,
                                        .settings = trunk_settings(),
                                        .format = placement().format,
                                        .storage = storage()},
                                       0);
    // An entry of its own, which no run reads and which goes when the writer goes.
    key.items = "measured only";
    Sampling sampling = options().sampling;
    const std::size_t item_bytes = bytes_of(item_);
    const std::size_t affordable = scratch_bytes / (item_bytes * batch());
    sampling.precision_target = 0;  // The space for the entry is fixed beforehand.
    sampling.batches = std::min(sampling.batches, std::max<std::size_t>(affordable, 3));
    sampling.warmup_batches = std::min(sampling.warmup_batches, sampling.batches / 2);
    const std::size_t batches = sampling.most_batches();
    const std::unique_ptr<ActivationWriter> writer =
        session().activations.begin(key, item_, batches * batch());
    const Samples samples = sample_blocking(sampling, [&](std::size_t index) {
      const Batch& input = inputs_[index % inputs_.size()];
      append_activations(*writer, trunk_->forward(input), input.mask, input_.max_length, storage());
    });

    Row row;
    add_statistics(row, samples, batch());
    row.counters["bytes_per_item"] = static_cast<double>(item_bytes);
    row.counters["bytes_per_second"] = static_cast<double>(item_bytes * batch()) / row.seconds;
    const Work trunk = session().stage_facts.work(candidate(), range_, lengths_);
    row.counters["macs"] = trunk.macs;
    row.counters["params"] = static_cast<double>(trunk.params);
    if (input_.kind == "text") row.counters["mean_length"] = lengths_.mean();
    return row;
  }

  void release() override {
    inputs_.clear();
    trunk_.reset();
    lengths_ = {};
  }

 private:
  StageRange range_;
  InputSettings input_;
  Lengths lengths_;
  std::optional<Network> trunk_;
  std::vector<Batch> inputs_;
  ItemShape item_;
};

/// `full` has no trunk, and the trunk of a joint configuration is that of the tail.
bool is_tail(const Combination& row) {
  return !Configuration::parse(row.configuration).reads_items();
}

}  // namespace

StepEntry write_activations_step() {
  const Axes& a = axes();
  return {.rows = {.step = Step::write_activations,
                   .subjects = Subjects::candidates,
                   .axes = {&a.device, &a.configuration, &a.max_length, &a.padding, &a.layout,
                            &a.storage, &a.precision, &a.threads, &a.batch},
                   .batches = one_batch,
                   .accepts = is_tail},
          .make = make_fixture<WriteActivations>};
}

}  // namespace model_search
