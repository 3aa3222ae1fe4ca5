// SPDX-License-Identifier: Apache-2.0
// LoadModel: builds a configuration's stages, reads the bytes that they need, and copies them to
// the device.
#include <algorithm>
#include <filesystem>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "benchmarks/steps/network_fixture.h"
#include "benchmarks/steps/sampling.h"
#include "benchmarks/steps/steps.h"
#include "datasets/files/page_cache.h"
#include "fixtures/measuring/stopwatch.h"
#include "fixtures/searching/feature_distance.h"

namespace model_search {
namespace {

/// How far features may move on a GPU where the same weights were loaded in another way. On a CPU
/// they must be equal.
constexpr double gpu_tolerance = 1e-5;

class LoadModel : public NetworkFixture {
 public:
  using NetworkFixture::NetworkFixture;

 protected:
  void prepare() override {
    device_init_ = set_up_device();
    settings_.read = find_read_method(combination().word(axes().read));
    settings_.pinned = combination().is(axes().weight_transfer, "pinned");
    cold_ = combination().is(axes().page_cache, "cold");
    heads_ = heads();
    files_ = {session().candidates.checkpoint(candidate()).path()};
    for (const Head& head : heads_) {
      if (std::ranges::find(files_, head.tail_file) == files_.end()) {
        files_.push_back(head.tail_file);
      }
    }
    input_ = network_input(placement(), 1);
  }

  Row measure() override {
    reset_peak_bytes(device());
    std::optional<JointNetwork> network;
    std::vector<LoadSeconds> splits;
    const auto load = [&](std::size_t) {
      network.emplace(build(settings_, &splits.emplace_back()));
    };
    const Samples samples = sample_blocking(options().sampling, load, [&] {
      network.reset();
      if (cold_) drop_pages(files_);
    });
    const HostClock first;
    const std::vector<at::Tensor> features = network->forward(input_);
    synchronize(device());
    const double first_inference = first.seconds();
    check_equal(features);

    Row row;
    add_statistics(row, samples, 0);
    row.counters["first_inference_seconds"] = first_inference;
    if (device().is_cuda()) row.counters["device_init_seconds"] = device_init_;
    add_split(row, std::span(splits).last(samples.measured.size()));
    Lengths lengths;
    if (mask_of(input_).defined()) lengths.add(1, static_cast<double>(mask_of(input_).size(1)));
    add_work(row, lengths);
    add_peak_bytes(row);
    return row;
  }

  void release() override { input_ = {}; }

 private:
  [[nodiscard]] JointNetwork build(const LoadSettings& settings, LoadSeconds* seconds) const {
    return build_model(session().candidates, candidate(), configuration(), heads_, placement(),
                       seconds, settings);
  }

  /// Adds means over the measured loads; init, read and copy add up to a load.
  void add_split(Row& row, std::span<const LoadSeconds> loads) const {
    LoadSeconds sum;
    for (const LoadSeconds& load : loads) {
      sum.init += load.init;
      sum.read += load.read;
      sum.to_device += load.to_device;
    }
    const auto count = static_cast<double>(loads.size());
    const auto bytes = static_cast<double>(loads.back().bytes);
    row.counters["init_seconds"] = sum.init / count;
    row.counters["read_seconds"] = sum.read / count;
    row.counters["copy_seconds"] = sum.to_device / count;
    row.counters["bytes"] = bytes;
    row.counters["bytes_per_second"] = bytes / row.seconds;
    row.counters["read_bytes_per_second"] = bytes * count / sum.read;
    if (loads.back().method != settings_.read) {
      row.label = "reads=buffered (this file system refuses direct ones)";
    }
  }

  /// Compares features with those after the default way of loading. Throws std::runtime_error where
  /// they differ.
  void check_equal(const std::vector<at::Tensor>& features) const {
    if (settings_ == LoadSettings{}) return;
    const std::vector<at::Tensor> expected = build({}, nullptr).forward(input_);
    for (std::size_t i = 0; i < expected.size(); ++i) {
      // The comparison is negated, so that a NaN fails.
      const bool equal = device().is_cuda() ? feature_distance(features.at(i).cpu(),
                                                               expected[i].cpu()) <= gpu_tolerance
                                            : features.at(i).equal(expected[i]);
      if (equal) continue;
      throw std::runtime_error("features of " + combination().family() +
                               " differ from those after buffered reads and pageable copies");
    }
  }

  std::vector<Head> heads_;
  std::vector<std::filesystem::path> files_;  ///< all files that a load reads
  NetworkInput input_;
  LoadSettings settings_;
  bool cold_ = false;
  double device_init_ = 0;
};

const std::vector<Counter> load_model_counters{
    {"init_seconds", "s", "lower",
     "LoadModel: seconds of building modules with uninitialized tensors"},
    {"read_seconds", "s", "lower",
     "LoadModel: seconds of opening the file and reading its header and tensors"},
    {"copy_seconds", "s", "lower",
     "LoadModel: seconds of copying to a GPU that the host waited for"},
    {"read_bytes_per_second", "bytes/s", "higher", "LoadModel: bytes over read_seconds"},
    {"device_init_seconds", "s", "lower",
     "LoadModel: seconds of creating the GPU's context, once per process"},
};

}  // namespace

StepEntry load_model_step() {
  const Axes& a = axes();
  return {.rows = {.step = Step::load_model,
                   .subjects = Subjects::candidates,
                   .axes = {&a.device, &a.configuration, &a.heads, &a.max_length, &a.padding,
                            &a.pooling, &a.weight_transfer, &a.page_cache, &a.read}},
          .counters = load_model_counters,
          .make = make_fixture<LoadModel>};
}

}  // namespace model_search
