// SPDX-License-Identifier: Apache-2.0
// MaxBatchSize: finds the largest batch that Inference can run in the device's memory, and the
// fastest batch sizes.
#include <algorithm>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "benchmarks/steps/network_fixture.h"
#include "benchmarks/steps/steps.h"
#include "fixtures/devices/allocator.h"
#include "fixtures/devices/free_memory.h"
#include "fixtures/measuring/batch_search.h"
#include "fixtures/measuring/fastest_batch.h"
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
/// The rounds of the sweep, and the sampling of one visit to a size: three rounds of three batches
/// are enough for an interval, and few enough for a search over many networks.
constexpr std::size_t visits = 3;
constexpr Sampling visit_sampling{.batches = 4, .warmup_batches = 1, .time_budget = 0.5};
/// The largest power of two of the sweep.
constexpr std::int64_t most_swept = 4096;

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
    if (options().memory_limit() > 0) {
      limit_ = static_cast<double>(options().memory_limit());
    } else if (device().is_cuda()) {
      limit_ = static_cast<double>(memory_size(device()));
    } else {
      throw std::invalid_argument(
          "MaxBatchSize needs a memory limit on a CPU: give --memory_limit, e.g. 2GB");
    }
    // Takes effect before the network is built, which is then in segments of this kind.
    if (device().is_cuda()) allocator_.emplace(combination().word(axes().allocator));
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
    row.counters["reserved_bytes"] = found.reserved_bytes + network_bytes_;
    // Is unknown where only one item fits.
    if (found.batch_by_bytes > 0) {
      row.counters["batch_by_bytes"] = static_cast<double>(found.batch_by_bytes);
    }
    row.counters["held_inputs"] = static_cast<double>(held_inputs);
    row.counters["trials"] = static_cast<double>(found.trials);
    row.counters["search_seconds"] = row.seconds;
    row.counters["memory_limit"] = limit_;
    row.counters["exact"] = found.exact ? 1 : 0;
    row.counters["capped"] = found.capped ? 1 : 0;
    row.counters["unsteady"] = found.unsteady ? 1 : 0;
    row.counters["limited_by_memory"] = found.memory && !found.capped ? 1 : 0;
    if (!found.memory) add_label(row, "limit: " + found.limit);
    if (!found.exact || found.unsteady) add_label(row, "tried: " + found.history);
    add_work(row, lengths());
    sweep(row, found.batch);
    return row;
  }

  void release() override {
    network_.reset();
    items_ = {};
    allocator_.reset();
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

  static void add_label(Row& row, const std::string& text) {
    row.label += (row.label.empty() ? "" : "; ") + text;
  }

  /// Makes as many batches of this size as Inference holds. Their items repeat, since memory and
  /// time do not depend on values.
  [[nodiscard]] std::vector<NetworkInput> inputs_of(std::int64_t size) const {
    std::vector<NetworkInput> inputs;
    for (std::int64_t i = 0; i < held_inputs; ++i) {
      inputs.push_back(
          changed(items_, [size](const at::Tensor& tensor) { return repeated(tensor, size); }));
    }
    return inputs;
  }

  /// Does what Inference does, from fresh memory: holds all inputs and runs two passes, the second
  /// while the features of the first are held. For a new shape LibTorch tries cuDNN's algorithms
  /// until one gets its scratch memory, and then keeps that one (per thread,
  /// aten/src/ATen/native/cudnn/Conv_v8.cpp). A batch fits only if both passes succeed, as they
  /// must in a search over many batches.
  [[nodiscard]] BatchTrial attempt(std::int64_t size) const {
    return run_limited(device(), limit_ - network_bytes_, [&] {
      const std::vector<NetworkInput> inputs = inputs_of(size);
      std::vector<at::Tensor> features = network_->forward(inputs[0]);
      features = network_->forward(inputs[1]);
    });
  }

  /// Measures the items per second of powers of two and of the maximum, which is rarely the best
  /// size. Goes through all of them in several rounds of random order: with one visit in rising
  /// order, a device that gets warmer slows down the large ones.
  void sweep(Row& row, std::int64_t largest) const {
    std::vector<SizeTimes> sizes;
    for (std::int64_t size = 1; size < largest && size <= most_swept; size *= 2) {
      sizes.push_back({size, {}});
    }
    if (largest <= most_swept || device().is_cuda()) sizes.push_back({largest, {}});
    for (const std::size_t place : visiting_order(sizes.size(), visits, options().seed)) {
      SizeTimes& own = sizes[place];
      std::vector<double> seconds;
      const BatchTrial trial = run_limited(device(), limit_ - network_bytes_, [&] {
        const std::vector<NetworkInput> inputs = inputs_of(own.size);
        std::vector<at::Tensor> features;
        seconds = sample(device(), visit_sampling, [&](std::size_t index) {
                    features = network_->forward(inputs[index % inputs.size()]);
                  }).measured;
      });
      if (trial.outcome != BatchTrial::Outcome::fits) continue;
      own.seconds.insert(own.seconds.end(), seconds.begin(), seconds.end());
    }
    const FastestBatches fastest = fastest_batches(sizes);
    if (fastest.from == 0) return;
    row.counters["fastest_batch_from"] = static_cast<double>(fastest.from);
    row.counters["fastest_batch_to"] = static_cast<double>(fastest.to);
    row.counters["best_items_per_second"] = fastest.items_per_second;
    for (const auto& [size, regret] : fastest.regrets) {
      row.counters["regret_at_" + std::to_string(size)] = regret;
    }
    add_label(row, "fastest: " + fastest.text());
  }

  double limit_ = 0;
  double network_bytes_ = 0;
  std::optional<AllocatorScope> allocator_;
  std::optional<JointNetwork> network_;
  NetworkInput items_;
};

const std::vector<Counter> max_batch_size_counters{
    {"max_batch_size", "items", "higher",
     "MaxBatchSize: largest batch that fits, with held_inputs of them on the device"},
    {"held_inputs", "batches", "",
     "MaxBatchSize: input batches on the device during a pass, as many as Inference holds"},
    {"batch_by_bytes", "items", "higher",
     "MaxBatchSize: (memory_limit - fixed_bytes) / bytes_per_item, the batch that would fit if the "
     "allocator lost no memory between blocks"},
    {"reserved_bytes", "bytes", "lower",
     "MaxBatchSize: most memory taken at max_batch_size, cached memory and what is lost between "
     "blocks included"},
    {"fastest_batch_from", "items", "",
     "MaxBatchSize: smallest batch size whose items per second are within 2 % of the best, or not "
     "distinguishable from them; use this one"},
    {"fastest_batch_to", "items", "", "MaxBatchSize: largest such batch size"},
    {"best_items_per_second", "items/s", "higher",
     "MaxBatchSize: items per second of the fastest batch size"},
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
                   .subjects = Subjects::candidates,
                   .axes = {&a.device, &a.configuration, &a.heads, &a.max_length, &a.padding,
                            &a.pooling, &a.layout, &a.precision, &a.threads, &a.allocator,
                            &a.memory_limit}},
          .row_version = 2,
          .counters = max_batch_size_counters,
          .make = make_fixture<MaxBatchSize>};
}

}  // namespace model_search
