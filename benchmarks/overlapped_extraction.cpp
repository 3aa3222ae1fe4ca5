// SPDX-License-Identifier: Apache-2.0
// Extraction in which every step runs beside the others, and each of them alone for comparison.
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <deque>
#include <thread>
#include <utility>

#include "benchmarks/extraction.h"
#include "benchmarks/feature_batches.h"
#include "benchmarks/input_feed.h"
#include "datasets/bounded_queue.h"
#include "fixtures/copy_stream.h"
#include "fixtures/lap_timer.h"

namespace model_search {
namespace {

/// Batches on the device that wait for inference, and batches whose forward pass is submitted.
/// Two of each keep a GPU supplied: see the depths that were measured in benchmarks/README.md.
constexpr std::size_t ready_batches = 2;
constexpr std::size_t submitted_batches = 2;

/// A batch of its own memory: on a CPU a delivered batch may still be the loader's.
Activations detached(const Device& device, Activations input) {
  if (device.is_cuda()) return input;
  input.values = input.values.clone();
  if (input.mask.defined()) input.mask = input.mask.clone();
  return input;
}

/// Feeds the queue from a thread of its own until all batches went through it, the consumer has
/// abandoned it, or something failed, which the consumer's pop() then throws.
class Feeder {
 public:
  Feeder(InputFeed& feed, const ExtractionSettings& settings, LapTimer& delivering)
      : feed_(feed),
        settings_(settings),
        delivering_(delivering),
        copies_(settings.device()),
        thread_([this] { work(); }) {}
  ~Feeder() { ready_.abandon(); }
  Feeder(const Feeder&) = delete;
  Feeder& operator=(const Feeder&) = delete;

  [[nodiscard]] std::optional<Activations> pop() {
    std::optional<Delivery> delivery = ready_.pop();
    if (!delivery) return std::nullopt;
    return copies_.receive(*std::move(delivery));
  }

 private:
  void work() {
    try {
      const c10::InferenceMode inference;
      while (feed_.load()) {
        Delivery delivery = copies_.run([&] {
          delivering_.start();
          Activations delivered = detached(settings_.device(), feed_.deliver());
          delivering_.stop();
          return delivered;
        });
        if (!ready_.push(std::move(delivery))) return;
        // load() but one hands the batch's host memory back to the workers.
        if (delivering_.laps() > 1) delivering_.wait(delivering_.laps() - 2);
      }
      delivering_.wait();
      ready_.close();
    } catch (...) {
      ready_.fail(std::current_exception());
    }
  }

  InputFeed& feed_;
  const ExtractionSettings& settings_;
  LapTimer& delivering_;
  CopyStream copies_;
  BoundedQueue<Delivery> ready_{ready_batches};
  std::jthread thread_;  // last: joins before anything else goes
};

std::size_t batches_of(const ItemSource& source, const ExtractionSettings& settings) {
  return (source.size() + settings.batch - 1) / settings.batch;
}

}  // namespace

Extraction extract_overlapped(const ItemSource& source, const JointNetwork& network,
                              const ExtractionSettings& settings) {
  const Device& device = settings.device();
  const std::size_t batches = batches_of(source, settings);
  LapTimer delivering(device, batches);
  LapTimer inference(device, batches);
  FeatureBatches features;
  Extraction result;
  const HostClock elapsed;
  const std::unique_ptr<InputFeed> feed = make_feed(source, settings, settings.prefetch);
  double worker_waiting = 0;
  {
    Feeder feeder(*feed, settings, delivering);
    while (std::optional<Activations> input = feeder.pop()) {
      count_batch(result, *input);
      inference.start();
      features.add(network.forward(*std::move(input)));
      inference.stop();
      // Not further ahead of the device: each batch in flight holds memory.
      if (result.batches >= submitted_batches) inference.wait(result.batches - submitted_batches);
    }
    inference.wait();
    result.elapsed = elapsed.seconds();
    worker_waiting = feed->waiting_seconds() / static_cast<double>(settings.workers);
  }
  result.busy[pipeline_load_data] = std::max(0.0, result.elapsed - worker_waiting);
  result.busy[feed->decodes() ? pipeline_load_data : pipeline_data_to_device] =
      device.is_cuda() || feed->decodes() ? delivering.seconds() : 0;
  result.busy[pipeline_inference] = inference.seconds();
  for (std::size_t step = 0; step < pipeline_steps; ++step) {
    result.wait[step] = std::max(0.0, result.elapsed - result.busy[step]);
  }
  result.features = features.all();
  return result;
}

StepSeconds measure_steps_alone(const ItemSource& source, const JointNetwork& network,
                                const ExtractionSettings& settings) {
  const Device& device = settings.device();
  const std::size_t batches = batches_of(source, settings);
  constexpr std::size_t most_kept = 4;  // distinct batches for the forward passes
  StepSeconds seconds{};
  std::deque<Activations> kept;
  {
    // Loading, with a consumer that takes each batch at once.
    const HostClock loading;
    const std::unique_ptr<InputFeed> feed = make_feed(source, settings, settings.prefetch);
    if (feed->decodes()) {
      LapTimer decoding(device, batches);
      while (feed->load()) {
        decoding.start();
        Activations batch = feed->deliver();
        decoding.stop();
        if (decoding.laps() > 1) decoding.wait(decoding.laps() - 2);
        if (kept.size() < most_kept) kept.push_back(std::move(batch));
      }
      decoding.wait();
    } else {
      while (feed->load()) {
      }
    }
    seconds[pipeline_load_data] = loading.seconds();
  }
  if (kept.empty()) {
    // The copies: a few real batches, each as often as it takes to make as many as there are.
    const std::unique_ptr<InputFeed> feed = make_feed(source, settings, 0);
    const std::size_t distinct = std::min(most_kept, batches);
    LapTimer copying(device, batches);
    for (std::size_t i = 0; i < distinct && feed->load(); ++i) {
      const std::size_t repeats = batches / distinct + (i < batches % distinct ? 1 : 0);
      for (std::size_t k = 0; k < repeats; ++k) {
        copying.start();
        Activations batch = feed->deliver();
        copying.stop();
        if (k + 1 == repeats) kept.push_back(detached(device, std::move(batch)));
      }
      copying.wait();
    }
    if (device.is_cuda()) seconds[pipeline_data_to_device] = copying.seconds();
  }
  (void)network.forward(kept.front());
  synchronize(device);
  const HostClock computing;
  for (std::size_t i = 0; i < batches; ++i) (void)network.forward(kept[i % kept.size()]);
  synchronize(device);
  seconds[pipeline_inference] = computing.seconds();
  return seconds;
}

}  // namespace model_search
