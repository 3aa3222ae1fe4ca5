// SPDX-License-Identifier: Apache-2.0
// MaxBatchSize: finds the largest batch that fits into the device's memory, and the fastest batch
// size.
#include <algorithm>
#include <optional>
#include <stdexcept>
#include <vector>

#include "benchmarks/steps/network_fixture.h"
#include "benchmarks/steps/steps.h"
#include "fixtures/devices/free_memory.h"
#include "fixtures/measuring/batch_search.h"
#include "fixtures/measuring/memory_trial.h"
#include "fixtures/measuring/sampler.h"
#include "fixtures/measuring/stopwatch.h"

namespace model_search {
namespace {

/// The number of real items, which larger batches repeat: memory and time do not depend on values.
constexpr std::int64_t distinct_items = 4;
constexpr std::int64_t largest_batch = 1 << 20;
/// The share of a CPU's memory that tensors may take; the rest is for oneDNN's scratch memory,
/// which is not counted.
constexpr double share_of_tensors = 0.9;
/// The sampling of the sweep: enough batches for a median, few enough for a search over many
/// networks.
constexpr Sampling sweep_sampling{.batches = 6, .warmup_batches = 1, .time_budget = 1.5};

at::Tensor repeated(const at::Tensor& items, std::int64_t count) {
  std::vector<std::int64_t> sizes = items.sizes().vec();
  sizes[0] = count;
  at::Tensor batch = items.new_empty(sizes, items.suggest_memory_format());
  for (std::int64_t first = 0; first < count; first += items.size(0)) {
    const std::int64_t size = std::min(items.size(0), count - first);
    batch.narrow(0, first, size).copy_(items.narrow(0, 0, size));
  }
  return batch;
}

class MaxBatchSize : public NetworkFixture {
 public:
  using NetworkFixture::NetworkFixture;

 protected:
  void prepare() override {
    limit_ = options().memory_limit() > 0 ? static_cast<double>(options().memory_limit())
                                          : memory_of(device());
    if (limit_ == 0) {
      throw std::invalid_argument(
          "MaxBatchSize needs a memory limit on a CPU: give --memory_limit, e.g. 2GB");
    }
    network_.emplace(build_network());
    items_ = network_input(placement(), distinct_items);
    (void)check_features(*network_);
    if (!device().is_cuda()) {
      // The network's own tensors exist before the count begins.
      Row work;
      add_work(work, lengths());
      network_bytes_ = 4 * work.counters.at("params");
      require_free_memory();
    }
  }

  Row measure() override {
    const HostClock clock;
    const BatchMaximum found =
        find_largest_batch([this](std::int64_t size) { return attempt(size); },
                           limit_ - network_bytes_, largest_batch);
    Row row;
    row.seconds = clock.seconds();
    if (found.batch == 0) {
      throw std::runtime_error(
          "not even one item fits into " + std::to_string(limit_ / 1e9) +
          " GB; give a larger --memory_limit or leave the network out: " + found.limit);
    }
    row.counters["max_batch_size"] = static_cast<double>(found.batch);
    row.counters["bytes_per_item"] = found.bytes_per_item;
    row.counters["fixed_bytes"] = found.fixed_bytes + network_bytes_;
    row.counters["trials"] = static_cast<double>(found.trials);
    row.counters["search_seconds"] = row.seconds;
    row.counters["memory_limit"] = limit_;
    row.counters["exact"] = found.exact ? 1 : 0;
    row.counters["capped"] = found.capped ? 1 : 0;
    row.counters["unsteady"] = found.unsteady ? 1 : 0;
    row.counters["limited_by_memory"] = found.memory && !found.capped ? 1 : 0;
    if (!found.memory) row.label = "limit: " + found.limit;
    if (!found.exact || found.unsteady) {
      row.label += (row.label.empty() ? "" : "; ") + ("tried: " + found.history);
    }
    add_work(row, lengths());
    sweep(row, found.batch);
    return row;
  }

  void release() override {
    network_.reset();
    items_ = {};
  }

 private:
  /// Refuses a limit above the free memory: the system would end the process.
  void require_free_memory() const {
    const double free = share_of_tensors * free_host_memory() + network_bytes_;
    if (limit_ <= free) return;
    throw std::invalid_argument("--memory_limit of " + std::to_string(limit_ / 1e9) +
                                " GB: tensors may take " + std::to_string(free / 1e9) +
                                " GB here, nine tenths of what MemAvailable or the control group "
                                "leaves; give a smaller limit");
  }

  [[nodiscard]] Lengths lengths() const {
    Lengths lengths;
    if (mask_of(items_).defined()) lengths.add(1, static_cast<double>(mask_of(items_).size(1)));
    return lengths;
  }

  [[nodiscard]] NetworkInput batch_of(std::int64_t size) const {
    return changed(items_, [size](const at::Tensor& tensor) { return repeated(tensor, size); });
  }

  /// On a GPU, runs two passes, each from fresh memory. For a new shape LibTorch tries cuDNN's
  /// algorithms until one gets its scratch memory, and then keeps that one (per thread,
  /// aten/src/ATen/native/cudnn/Conv_v8.cpp). A batch fits only if both passes succeed, as they
  /// must in a search over many batches.
  [[nodiscard]] BatchTrial attempt(std::int64_t size) const {
    const auto pass = [&] {
      return run_recorded(device(), limit_ - network_bytes_, size, [&] { run(size); });
    };
    BatchTrial first = pass();
    if (!device().is_cuda() || first.outcome != BatchTrial::Outcome::fits) return first;
    return pass();
  }

  void run(std::int64_t size) const { (void)network_->forward(batch_of(size)); }

  /// Measures the items per second of powers of two and of the maximum, which is rarely the best
  /// size.
  void sweep(Row& row, std::int64_t largest) const {
    std::vector<std::int64_t> sizes;
    for (std::int64_t size = 1; size < largest && size <= 4096; size *= 2) sizes.push_back(size);
    if (largest <= 4096 || device().is_cuda()) sizes.push_back(largest);
    double best = 0;
    std::vector<double> rates;
    for (const std::int64_t size : sizes) {
      double rate = 0;
      const BatchTrial trial = run_limited(device(), limit_ - network_bytes_, [&] {
        const NetworkInput input = batch_of(size);
        const Samples samples =
            sample(device(), sweep_sampling, [&](std::size_t) { (void)network_->forward(input); });
        rate = static_cast<double>(size) / summarize(samples.measured).p50;
      });
      // The input is on the GPU, and several forward passes may be in flight: there may be too
      // little memory for those.
      if (trial.outcome != BatchTrial::Outcome::fits) rate = 0;
      rates.push_back(rate);
      if (rate <= best) continue;
      best = rate;
      row.counters["best_batch_size"] = static_cast<double>(size);
      row.counters["best_items_per_second"] = rate;
    }
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      if (rates[i] > 0) {
        row.counters["regret_at_" + std::to_string(sizes[i])] = 1 - rates[i] / best;
      }
    }
  }

  double limit_ = 0;
  double network_bytes_ = 0;
  std::optional<JointNetwork> network_;
  NetworkInput items_;
};

const std::vector<Counter> max_batch_size_counters{
    {"max_batch_size", "items", "higher", "MaxBatchSize: largest batch that fits"},
    {"best_batch_size", "items", "", "MaxBatchSize: batch size with the most items per second"},
    {"best_items_per_second", "items/s", "higher",
     "MaxBatchSize: items per second at best_batch_size"},
    {"regret_at_<n>", "share", "lower",
     "MaxBatchSize: share of best_items_per_second that batch size n loses"},
    {"fixed_bytes", "bytes", "lower",
     "MaxBatchSize: device memory that does not grow with the batch, the network included"},
    {"memory_limit", "bytes", "", "MaxBatchSize: bytes that the search may use"},
    {"trials", "trials", "", "MaxBatchSize: batch sizes that the search tried"},
    {"search_seconds", "s", "lower", "MaxBatchSize: seconds of the search"},
    {"exact", "flag", "", "MaxBatchSize: 1 where one item more does not fit"},
    {"capped", "flag", "", "MaxBatchSize: 1 where the search ended at its upper bound"},
    {"unsteady", "flag", "",
     "MaxBatchSize: 1 where a batch size that fit did not fit again, so that a smaller one is "
     "reported"},
    {"limited_by_memory", "flag", "",
     "MaxBatchSize: 1 where memory is the limit, 0 where another limit of the device is"},
};

}  // namespace

StepEntry max_batch_size_step() {
  const Axes& a = axes();
  return {.rows = {.step = Step::max_batch_size,
                   .per_network = true,
                   .axes = {&a.device, &a.configuration, &a.heads, &a.max_length, &a.padding,
                            &a.pooling, &a.layout, &a.precision, &a.threads, &a.memory_limit}},
          .counters = max_batch_size_counters,
          .make = make_fixture<MaxBatchSize>};
}

}  // namespace model_search
