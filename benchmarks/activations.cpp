// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/activations.h"

#include <ATen/Parallel.h>
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/empty.h>

#include <array>
#include <functional>
#include <vector>

#include "datasets/loader.h"
#include "fixtures/network_input.h"
#include "fixtures/spread_source.h"
#include "fixtures/stopwatch.h"

namespace model_search {
namespace {

std::span<const std::byte> bytes_of_tensor(const at::Tensor& tensor) {
  return {static_cast<const std::byte*>(tensor.const_data_ptr()), tensor.nbytes()};
}

/// Pads dimension 1 to `length`.
at::Tensor padded(const at::Tensor& tensor, std::int64_t length) {
  if (tensor.size(1) == length) return tensor;
  std::vector<std::int64_t> padding(static_cast<std::size_t>(2 * (tensor.dim() - 1)), 0);
  padding.back() = length - tensor.size(1);
  return at::constant_pad_nd(tensor, padding);
}

/// What the seconds of building depend on beside the entry's key.
std::string settings_of(const ActivationRequest& request) {
  return "batch=" + std::to_string(request.batch) + " workers=" + std::to_string(request.workers) +
         (request.input.prepared ? " prepared" : "") +
         (request.device.is_cuda() ? "" : " threads=" + std::to_string(at::get_num_threads()));
}

void build(Session& session, const ActivationRequest& request, const ItemSource& source) {
  const ItemShape shape = stored_shape(
      session.stage_facts.output_shape(request.candidate, request.range, request.input.max_length),
      request.storage);
  const std::unique_ptr<ActivationWriter> writer = session.activations.begin(
      activation_key(session, request, source.size()), shape, source.size());
  const HostClock clock;
  const Placement placement{request.device, request.format};
  const Network network = session.candidates.build(request.candidate, request.range, placement);
  LoaderOptions loading;
  loading.batch_size = request.batch;
  loading.workers = request.workers;
  if (request.device.is_cuda()) loading.allocate = allocate_pinned;
  Loader loader(source, loading);
  while (const std::optional<Batch> batch = loader.next()) {
    const Activations input = batch_tensors(*batch, source.shape(), request.input.padding);
    const at::Tensor values = network.forward(place_input(placement, input));
    // Features have no mask.
    append_activations(*writer, values, shape.size() > 1 ? input.mask : at::Tensor(),
                       request.input.max_length, request.storage);
  }
  writer->finish(clock.seconds(), settings_of(request));
}

/// Writes the prepared items of a data set, as they are loaded from its files.
void build_inputs(Session& session, const ActivationKey& key, const ItemSource& source,
                  Element storage) {
  const ItemShape shape = stored_shape(source.shape(), storage);
  const std::unique_ptr<ActivationWriter> writer =
      session.activations.begin(key, shape, source.size());
  const HostClock clock;
  LoaderOptions loading;
  loading.batch_size = 32;
  loading.workers = static_cast<std::size_t>(session.options.workers.front());
  Loader loader(source, loading);
  while (const std::optional<Batch> batch = loader.next()) {
    if (shape.front() != source.shape().front()) {
      const Activations items = tensors_of(*batch, source.shape());
      append_activations(*writer, items.values, items.mask, 0, storage);
      continue;
    }
    const std::vector<std::span<const std::byte>> parts(batch->tensors.begin(),
                                                        batch->tensors.end());
    writer->append(parts);
  }
  writer->finish(clock.seconds());
}

std::string items_text(std::size_t items, std::size_t all) {
  return items == all ? "all" : std::to_string(items) + " of " + std::to_string(all);
}

std::shared_ptr<const ItemSource> spread(std::shared_ptr<const ItemSource> all, std::size_t items) {
  if (items == 0 || items >= all->size()) return all;
  return std::make_shared<const SpreadSource>(std::move(all), items);
}

/// Prepared items: an entry of exactly these or of all items, else one that is written now.
std::shared_ptr<const ItemSource> prepared_items(Session& session, const InputSettings& input,
                                                 std::size_t items) {
  const std::shared_ptr<const ItemSource> all = session.data.source(input);
  const std::shared_ptr<const ItemSource> wanted = spread(all, items);
  ActivationKey key;
  key.architecture = input.kind;
  key.cut = "input";
  key.data = session.data.folder(input.kind).cache_identity();
  key.input = DataSets::identity(input);
  key.device = "cpu";
  key.storage = name_of(stored_shape(all->shape(), input.storage).front().element);
  key.items = items_text(all->size(), all->size());
  if (auto entry = session.activations.find(key, labels_of(*all))) {
    return spread(std::move(entry), items);
  }
  key.items = items_text(wanted->size(), all->size());
  auto entry = session.activations.find(key, labels_of(*wanted));
  if (entry) return entry;
  build_inputs(session, key, *wanted, input.storage);
  entry = session.activations.find(key, labels_of(*wanted));
  if (!entry) throw std::runtime_error("the prepared items just written cannot be read");
  return entry;
}

CachedActivations found(std::unique_ptr<ActivationSource> entry) {
  const double seconds = entry->build_seconds();
  return {std::shared_ptr<const ItemSource>(std::move(entry)), seconds};
}

}  // namespace

ItemShape stored_shape(ItemShape shape, Element storage) {
  if (shape.front().element == Element::float32) shape.front().element = storage;
  return shape;
}

void append_activations(ActivationWriter& writer, const at::Tensor& computed,
                        const at::Tensor& mask, std::int64_t length, Element storage) {
  // Converted on the device: half of the bytes are copied, too.
  const at::Tensor values = computed.to(scalar_type(storage));
  if (storage == Element::float16 && !values.isfinite().all().item<bool>() &&
      computed.isfinite().all().item<bool>()) {
    throw std::runtime_error(
        "activations at this cut are too large for storage=float16 (65,504 at most); use bfloat16");
  }
  if (!mask.defined()) {
    const at::Tensor host = values.cpu().contiguous();
    writer.append(std::array{bytes_of_tensor(host)});
    return;
  }
  const at::Tensor host = padded(values, length).cpu().contiguous();
  const at::Tensor host_mask = padded(mask, length).cpu().contiguous();
  writer.append(std::array{bytes_of_tensor(host), bytes_of_tensor(host_mask)});
}

std::vector<std::int64_t> labels_of(const ItemSource& source) {
  std::vector<std::int64_t> labels(source.size());
  for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = source.label(i);
  return labels;
}

ActivationKey activation_key(Session& session, const ActivationRequest& request,
                             std::size_t items) {
  const ClassFolder& folder = session.data.folder(request.input.kind);
  ActivationKey key;
  key.architecture = request.candidate.architecture.name;
  key.cut = request.range.head ? "features" : std::to_string(request.range.last_block);
  key.trunk = session.candidates.hash(request.candidate, request.range);
  key.data = folder.cache_identity();
  key.items = items_text(items, folder.files.size());
  key.input = DataSets::identity(request.input) +
              (request.input.padding == Padding::longest ? " padding=longest" : "");
  key.precision = request.precision + (request.format.channels_last ? " channels_last" : "");
  key.device = hardware_name(request.device);
  key.storage = name_of(request.storage);
  return key;
}

std::shared_ptr<const ItemSource> input_items(Session& session, const InputSettings& input,
                                              std::size_t items) {
  if (input.prepared) return prepared_items(session, input, items);
  return spread(session.data.source(input), items);
}

CachedActivations ensure_activations(Session& session, const ActivationRequest& request) {
  const std::shared_ptr<const ItemSource> source =
      input_items(session, request.input, request.items);
  const ActivationKey key = activation_key(session, request, source->size());
  if (auto entry = session.activations.find(key, labels_of(*source))) {
    if (!request.timed || entry->built_with() == settings_of(request)) {
      return found(std::move(entry));
    }
  }
  const std::shared_ptr<const ItemSource> all = session.data.source(request.input);
  if (!request.timed && source->size() < all->size()) {
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
  request.range = full_range(request.candidate.architecture);
  const CachedActivations cached = ensure_activations(session, request);
  const auto items = static_cast<std::int64_t>(cached.source->size());
  const TensorShape& shape = cached.source->shape().front();
  at::Tensor features = at::empty({items, static_cast<std::int64_t>(shape.elements())});
  auto* out = static_cast<std::byte*>(features.data_ptr());
  (void)cached.source->read_many(0, cached.source->size(),
                                 std::array{std::span(out, features.nbytes())});
  return features;
}

}  // namespace model_search
