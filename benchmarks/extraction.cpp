// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/extraction.h"

#include <ATen/ops/cat.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "datasets/loader.h"
#include "fixtures/stopwatch.h"

namespace model_search {
namespace {

LoaderOptions loader_options(const ExtractionSettings& settings) {
  LoaderOptions loading;
  loading.batch_size = settings.batch;
  loading.workers = settings.workers;
  loading.prefetch = settings.prefetch;
  if (settings.device.is_cuda() && settings.pinned) loading.allocate = allocate_pinned;
  return loading;
}

/// Collects the heads' features batch by batch.
class Features {
 public:
  void add(std::vector<at::Tensor> heads) {
    batches_.resize(heads.size());
    for (std::size_t i = 0; i < heads.size(); ++i) batches_[i].push_back(std::move(heads[i]));
  }
  [[nodiscard]] std::vector<at::Tensor> all() const {
    std::vector<at::Tensor> features;
    features.reserve(batches_.size());
    for (const auto& head : batches_) features.push_back(at::cat(head));
    return features;
  }

 private:
  std::vector<std::vector<at::Tensor>> batches_;
};

/// Notes a batch's items and their length.
void count(Extraction& result, const Activations& input) {
  ++result.batches;
  if (input.mask.defined()) {
    result.lengths.add(static_cast<double>(input.mask.size(0)),
                       static_cast<double>(input.mask.size(1)));
  }
}

}  // namespace

void prepare_buffers(const ItemSource& source, const ExtractionSettings& settings) {
  const LoaderOptions loading = loader_options(settings);
  const std::size_t batches = (source.size() + settings.batch - 1) / settings.batch;
  std::vector<BatchMemory> buffers(std::min(loading.prefetch + 1, batches));
  for (BatchMemory& buffer : buffers) {
    buffer = loading.allocate(loader_buffer_bytes(source.shape(), settings.batch));
  }
}

Extraction extract_serially(const ItemSource& source, const JointNetwork& network,
                            const ExtractionSettings& settings) {
  const bool cuda = settings.device.is_cuda();
  Extraction result;
  Features features;
  const HostClock elapsed;
  const HostClock starting;
  std::optional<Loader> loader(std::in_place, source, loader_options(settings));
  result.load_data = starting.seconds();
  while (true) {
    const HostClock loading;
    const std::optional<Batch> batch = loader->next();
    Activations input;
    if (batch) input = batch_tensors(*batch, source.shape(), settings.padding);
    result.load_data += loading.seconds();
    if (!batch) break;
    count(result, input);
    if (cuda) {
      const HostClock copying;
      input = copy_to(settings.device, input, settings.pinned);
      synchronize(settings.device);
      result.data_to_device += copying.seconds();
    }
    const HostClock computing;
    features.add(network.forward(std::move(input)));
    synchronize(settings.device);
    result.inference += computing.seconds();
  }
  result.elapsed = elapsed.seconds();
  // Stopping the workers and giving back their memory is a part of loading.
  const HostClock stopping;
  loader.reset();
  result.load_data += stopping.seconds();
  result.features = features.all();
  return result;
}

Extraction extract_with_prefetch(const ItemSource& source, const JointNetwork& network,
                                 const ExtractionSettings& settings) {
  const bool cuda = settings.device.is_cuda();
  const LoaderOptions loading = loader_options(settings);
  const std::size_t batches = (source.size() + settings.batch - 1) / settings.batch;
  // Three marks a batch: before the copy, after it, after the forward pass.
  Stopwatch stopwatch(settings.device, 3 * batches);
  Features features;
  Extraction result;
  const HostClock elapsed;
  std::optional<Loader> loader(std::in_place, source, loading);
  double waited = elapsed.seconds();
  while (true) {
    const HostClock waiting;
    const std::optional<Batch> batch = loader->next();
    Activations input;
    if (batch) input = batch_tensors(*batch, source.shape(), settings.padding);
    waited += waiting.seconds();
    if (!batch) break;
    count(result, input);
    stopwatch.mark();
    if (cuda) input = copy_to(settings.device, input, settings.pinned);
    stopwatch.mark();
    const std::size_t copied = stopwatch.marks();
    features.add(network.forward(std::move(input)));
    stopwatch.mark();
    // The next call of next() hands this batch's host memory back to the loader's workers.
    if (cuda && settings.pinned) stopwatch.wait(copied);
  }
  stopwatch.wait(stopwatch.marks());
  result.elapsed = elapsed.seconds();
  const std::vector<double> laps = stopwatch.laps();
  for (std::size_t i = 0; i < laps.size(); ++i) {
    if (i % 3 == 0) result.data_to_device += laps[i];
    if (i % 3 == 1) result.inference += laps[i];
  }
  if (!cuda) result.data_to_device = 0;
  // While the host waits for a batch, the device may still compute the one before: only the time
  // in which it did neither copy nor compute was lost to waiting.
  const double idle = result.elapsed - result.data_to_device - result.inference;
  result.load_data = std::clamp(waited, 0.0, std::max(0.0, idle));
  const HostClock stopping;
  loader.reset();
  result.load_data += stopping.seconds();
  result.features = features.all();
  return result;
}

}  // namespace model_search
