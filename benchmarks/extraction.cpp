// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/extraction.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>

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

/// The loader's memory as a tensor; no copy.
at::Tensor tensor_of(const Batch& batch, const ItemShape& shape) {
  std::vector<std::int64_t> sizes = shape.dimensions;
  sizes.insert(sizes.begin(), static_cast<std::int64_t>(batch.size));
  return at::from_blob(batch.data.data(), sizes, at::TensorOptions(at::kFloat));
}

}  // namespace

void prepare_buffers(const ItemSource& source, const ExtractionSettings& settings) {
  const LoaderOptions loading = loader_options(settings);
  const std::size_t batches = (source.size() + settings.batch - 1) / settings.batch;
  std::vector<BatchMemory> buffers(std::min(loading.prefetch + 1, batches));
  for (BatchMemory& buffer : buffers) {
    buffer = loading.allocate(settings.batch * source.shape().bytes());
  }
}

namespace {

at::Tensor copy_to(const Device& device, const at::Tensor& host, bool pinned) {
  at::Tensor target = at::empty(host.sizes(), host.options().device(device.torch()));
  target.copy_(host, /*non_blocking=*/pinned);
  return target;
}

}  // namespace

Extraction extract_serially(const ItemSource& source, const Network& network,
                            const ExtractionSettings& settings) {
  const bool cuda = settings.device.is_cuda();
  Extraction result;
  std::vector<at::Tensor> features;
  const HostClock elapsed;
  const HostClock starting;
  std::optional<Loader> loader(std::in_place, source, loader_options(settings));
  result.load_data = starting.seconds();
  while (true) {
    const HostClock loading;
    const std::optional<Batch> batch = loader->next();
    result.load_data += loading.seconds();
    if (!batch) break;
    at::Tensor input = tensor_of(*batch, source.shape());
    if (cuda) {
      const HostClock copying;
      input = copy_to(settings.device, input, settings.pinned);
      synchronize(settings.device);
      result.data_to_device += copying.seconds();
    }
    const HostClock computing;
    features.push_back(network.forward(input));
    synchronize(settings.device);
    result.inference += computing.seconds();
    ++result.batches;
  }
  result.elapsed = elapsed.seconds();
  // Stopping the workers and giving back their memory is a part of loading.
  const HostClock stopping;
  loader.reset();
  result.load_data += stopping.seconds();
  result.features = at::cat(features);
  return result;
}

Extraction extract_with_prefetch(const ItemSource& source, const Network& network,
                                 const ExtractionSettings& settings) {
  const bool cuda = settings.device.is_cuda();
  const LoaderOptions loading = loader_options(settings);
  const std::size_t batches = (source.size() + settings.batch - 1) / settings.batch;
  // Three marks a batch: before the copy, after it, after the forward pass.
  Stopwatch stopwatch(settings.device, 3 * batches);
  std::vector<at::Tensor> features;
  Extraction result;
  const HostClock elapsed;
  std::optional<Loader> loader(std::in_place, source, loading);
  double waited = elapsed.seconds();
  while (true) {
    const HostClock waiting;
    const std::optional<Batch> batch = loader->next();
    waited += waiting.seconds();
    if (!batch) break;
    at::Tensor input = tensor_of(*batch, source.shape());
    stopwatch.mark();
    if (cuda) input = copy_to(settings.device, input, settings.pinned);
    stopwatch.mark();
    const std::size_t copied = stopwatch.marks();
    features.push_back(network.forward(input));
    stopwatch.mark();
    // The next call of next() hands this batch's host memory back to the loader's workers.
    if (cuda && settings.pinned) stopwatch.wait(copied);
    ++result.batches;
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
  result.features = at::cat(features);
  return result;
}

}  // namespace model_search
