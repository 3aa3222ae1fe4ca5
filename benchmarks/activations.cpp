// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/activations.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>

#include <vector>

#include "datasets/loader.h"
#include "fixtures/spread_source.h"
#include "fixtures/stopwatch.h"

namespace model_search {
namespace {

std::vector<std::int64_t> labels_of(const ItemSource& source) {
  std::vector<std::int64_t> labels(source.size());
  for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = source.label(i);
  return labels;
}

void build(Session& session, const ActivationRequest& request, const ItemSource& source) {
  const std::unique_ptr<ActivationWriter> writer = session.activations.begin(
      activation_key(session, request, source.size()),
      {session.candidates.output_shape(request.subject, request.range)}, source.size());
  const HostClock clock;
  const Network network = session.candidates.build(request.subject, request.range, request.device);
  LoaderOptions loading;
  loading.batch_size = request.batch;
  loading.workers = request.workers;
  if (request.device.is_cuda()) loading.allocate = allocate_pinned;
  Loader loader(source, loading);
  std::vector<std::int64_t> shape = source.shape().dimensions;
  shape.insert(shape.begin(), 0);
  while (const std::optional<Batch> batch = loader.next()) {
    shape.front() = static_cast<std::int64_t>(batch->size);
    const at::Tensor images =
        at::from_blob(batch->data.data(), shape, at::TensorOptions(at::kFloat));
    const at::Tensor activations =
        network.forward(images.to(request.device.torch())).cpu().contiguous();
    writer->append(
        {static_cast<const std::byte*>(activations.const_data_ptr()), activations.nbytes()});
  }
  writer->finish(clock.seconds());
}

}  // namespace

ActivationKey activation_key(Session& session, const ActivationRequest& request,
                             std::size_t items) {
  const Architecture& architecture = find_architecture(request.subject);
  const std::shared_ptr<const ImageSource> source = session.data.source(request.decoder);
  ActivationKey key;
  key.architecture = std::string(architecture.name);
  key.cut = request.range.head ? "features" : std::to_string(request.range.last_block);
  key.trunk = session.candidates.hash(request.subject, request.range);
  key.data = source->folder().cache_identity();
  key.items = items == source->size()
                  ? "all"
                  : std::to_string(items) + " of " + std::to_string(source->size());
  key.preprocessing = source->preprocessing().identity();
  key.decoder = request.decoder;
  key.precision = request.precision;
  key.device = hardware_name(request.device);
  return key;
}

std::shared_ptr<const ItemSource> photographs(Session& session, const std::string& decoder,
                                              std::size_t items) {
  std::shared_ptr<const ImageSource> all = session.data.source(decoder);
  if (items == 0 || items >= all->size()) return all;
  return std::make_shared<const SpreadSource>(std::move(all), items);
}

CachedActivations ensure_activations(Session& session, const ActivationRequest& request) {
  const std::shared_ptr<const ItemSource> source =
      photographs(session, request.decoder, request.items);
  const ActivationKey key = activation_key(session, request, source->size());
  const auto found = [&](std::unique_ptr<ActivationSource> entry) -> CachedActivations {
    const double seconds = entry->build_seconds();
    return {std::shared_ptr<const ItemSource>(std::move(entry)), seconds};
  };
  if (auto entry = session.activations.find(key, labels_of(*source))) {
    return found(std::move(entry));
  }
  const std::shared_ptr<const ImageSource> all = session.data.source(request.decoder);
  if (source->size() < all->size()) {
    const ActivationKey whole = activation_key(session, request, all->size());
    if (auto entry = session.activations.find(whole, labels_of(*all))) {
      CachedActivations cached = found(std::move(entry));
      cached.source = std::make_shared<const SpreadSource>(cached.source, source->size());
      return cached;
    }
  }
  build(session, request, *source);
  auto entry = session.activations.find(key, labels_of(*source));
  if (!entry) throw std::runtime_error("the activations that were just written cannot be read");
  return found(std::move(entry));
}

at::Tensor ensure_features(Session& session, ActivationRequest request) {
  request.range = full_range(find_architecture(request.subject));
  const CachedActivations cached = ensure_activations(session, request);
  const auto items = static_cast<std::int64_t>(cached.source->size());
  at::Tensor features =
      at::empty({items, static_cast<std::int64_t>(cached.source->shape().elements())});
  auto* out = static_cast<std::byte*>(features.data_ptr());
  const std::size_t bytes = cached.source->shape().bytes();
  for (std::size_t i = 0; i < cached.source->size(); ++i) {
    cached.source->read(i, {out + i * bytes, bytes});
  }
  return features;
}

}  // namespace model_search
