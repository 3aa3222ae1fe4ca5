// SPDX-License-Identifier: Apache-2.0
// LoadModel: build a configuration's stages, read the bytes they need, copy them to the device.
#include <optional>
#include <vector>

#include "benchmarks/network_fixture.h"
#include "benchmarks/steps.h"
#include "fixtures/stopwatch.h"

namespace model_search {
namespace {

class LoadModel : public NetworkFixture {
 public:
  using NetworkFixture::NetworkFixture;

 protected:
  void prepare() override {
    device_init_ = set_up_device();
    (void)session().candidates.checkpoint(candidate());
    heads_ = heads();
    input_ = network_input(placement(), 1);
  }

  Row measure() override {
    reset_peak_bytes(device());
    std::optional<JointNetwork> network;
    LoadSeconds split;
    LoadSeconds sum;
    std::size_t loads = 0;
    const Samples samples = sample_blocking(options().sampling, [&](std::size_t index) {
      network.reset();
      split = {};
      network.emplace(build_model(session().candidates, candidate(), configuration(), heads_,
                                  placement(), &split));
      if (index < options().sampling.warmup_batches) return;
      sum.read += split.read;
      sum.to_device += split.to_device;
      ++loads;
    });
    const HostClock first;
    (void)network->forward(input_);
    synchronize(device());

    Row row;
    add_statistics(row, samples, 0);
    row.counters["first_inference_seconds"] = first.seconds();
    if (device().is_cuda()) row.counters["device_init_seconds"] = device_init_;
    if (loads > 0) {
      row.counters["read_seconds"] = sum.read / static_cast<double>(loads);
      row.counters["copy_seconds"] = sum.to_device / static_cast<double>(loads);
    }
    row.counters["bytes"] = static_cast<double>(split.bytes);
    row.counters["bytes_per_second"] = static_cast<double>(split.bytes) / row.seconds;
    Lengths lengths;
    if (input_.mask.defined()) lengths.add(1, static_cast<double>(input_.mask.size(1)));
    add_work(row, lengths);
    add_peak_bytes(row);
    return row;
  }

  void release() override { input_ = {}; }

 private:
  std::vector<Head> heads_;
  Activations input_;
  double device_init_ = 0;
};

}  // namespace

std::unique_ptr<StepFixture> make_load_model(Session& session, const Combination& combination) {
  return std::make_unique<LoadModel>(session, combination);
}

}  // namespace model_search
