// SPDX-License-Identifier: Apache-2.0
// Extraction in which one step at a time has the device: serial, and the original study's.
#include "benchmarks/extraction.h"

#include <algorithm>
#include <utility>

#include "benchmarks/feature_batches.h"
#include "benchmarks/input_feed.h"
#include "datasets/loader.h"
#include "fixtures/copy_stream.h"
#include "fixtures/lap_timer.h"

namespace model_search {

void prepare_buffers(const ItemSource& source, const ExtractionSettings& settings) {
  if (!settings.pinned()) return;
  const std::size_t batches = (source.size() + settings.batch - 1) / settings.batch;
  const std::size_t wanted = settings.prefetch + held_batches(settings.prefetch);
  std::vector<BatchMemory> buffers(std::min(wanted, batches + 1));
  for (BatchMemory& buffer : buffers) {
    buffer = allocate_pinned(loader_buffer_bytes(source.shape(), settings.batch));
  }
}

Extraction extract_serially(const ItemSource& source, const JointNetwork& network,
                            const ExtractionSettings& settings) {
  const Device& device = settings.device();
  const CopyStream copies(device);
  const bool apart = settings.transfer == Transfer::pinned_async;
  Extraction result;
  double& load_data = result.exclusive[pipeline_load_data];
  FeatureBatches features;
  const HostClock elapsed;
  const HostClock starting;
  std::unique_ptr<InputFeed> feed = make_feed(source, settings, 0);
  load_data = starting.seconds();
  // What the GPU decodes is loaded; what comes ready is only copied.
  double& delivering = feed->decodes() ? load_data : result.exclusive[pipeline_data_to_device];
  while (true) {
    const HostClock loading;
    const bool loaded = feed->load();
    load_data += loading.seconds();
    if (!loaded) break;
    const HostClock copying;
    Activations input;
    if (apart) {
      input = copies.receive(copies.run([&] { return feed->deliver(); }));
    } else {
      input = feed->deliver();
    }
    synchronize(device);
    delivering += copying.seconds();
    count_batch(result, input);
    const HostClock computing;
    features.add(network.forward(std::move(input)));
    synchronize(device);
    result.exclusive[pipeline_inference] += computing.seconds();
  }
  result.elapsed = elapsed.seconds();
  // Stopping the workers and giving back their memory is a part of loading.
  const HostClock stopping;
  feed.reset();
  load_data += stopping.seconds();
  result.features = features.all();
  return result;
}

Extraction extract_with_prefetch(const ItemSource& source, const JointNetwork& network,
                                 const ExtractionSettings& settings) {
  const Device& device = settings.device();
  const CopyStream copies(device);
  const bool apart = settings.transfer == Transfer::pinned_async;
  const std::size_t batches = (source.size() + settings.batch - 1) / settings.batch;
  LapTimer delivering(device, batches);
  LapTimer inference(device, batches);
  FeatureBatches features;
  Extraction result;
  const HostClock elapsed;
  std::unique_ptr<InputFeed> feed = make_feed(source, settings, settings.prefetch);
  double waited = elapsed.seconds();
  const auto deliver = [&] {
    delivering.start();
    Activations input = feed->deliver();
    delivering.stop();
    return input;
  };
  while (true) {
    const HostClock waiting;
    const bool loaded = feed->load();
    waited += waiting.seconds();
    if (!loaded) break;
    Activations input;
    if (apart) {
      input = copies.receive(copies.run(deliver));
    } else {
      input = deliver();
    }
    count_batch(result, input);
    inference.start();
    features.add(network.forward(std::move(input)));
    inference.stop();
    // The next call of load() but one hands this batch's host memory back to the workers.
    if (result.batches > 1) delivering.wait(result.batches - 2);
  }
  inference.wait();
  result.elapsed = elapsed.seconds();
  const double delivered = delivering.seconds();
  const double computed = inference.seconds();
  result.exclusive[pipeline_inference] = computed;
  // While the host waits for a batch, the device may still work on the one before: only the time
  // in which it did neither copy nor compute was lost to waiting. Copies on a stream of their own
  // run beside inference, so that only what they add counts.
  const double idle = std::max(0.0, result.elapsed - computed);
  const double copied = std::min(delivered, idle);
  const double lost = std::clamp(waited, 0.0, idle - copied);
  if (feed->decodes()) {
    result.exclusive[pipeline_load_data] = lost + copied;
  } else {
    result.exclusive[pipeline_data_to_device] = device.is_cuda() ? copied : 0;
    result.exclusive[pipeline_load_data] = lost;
  }
  const HostClock stopping;
  feed.reset();
  result.exclusive[pipeline_load_data] += stopping.seconds();
  result.features = features.all();
  return result;
}

}  // namespace model_search
