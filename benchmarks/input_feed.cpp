// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/input_feed.h"

#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include "datasets/loader.h"
#include "fixtures/batch_tensors.h"
#include "fixtures/gpu_decoder.h"
#include "fixtures/network_input.h"

namespace model_search {
namespace {

LoaderOptions loader_options(const ExtractionSettings& settings, std::size_t prefetch,
                             std::size_t items) {
  LoaderOptions loading;
  loading.batch_size = settings.batch;
  loading.workers = settings.workers;
  loading.prefetch = prefetch;
  loading.hold = held_batches(prefetch);
  loading.items = items;
  if (settings.pinned()) loading.allocate = allocate_pinned;
  return loading;
}

/// Items that are ready on the host and are copied.
class HostFeed : public InputFeed {
 public:
  HostFeed(const ItemSource& source, const ExtractionSettings& settings, std::size_t prefetch,
           std::size_t items)
      : source_(source),
        settings_(settings),
        loader_(source, loader_options(settings, prefetch, items)) {}

  bool load() override {
    const std::optional<Batch> batch = loader_.next();
    if (!batch) return false;
    host_ = batch_tensors(*batch, source_.shape(), settings_.padding);
    return true;
  }
  Activations deliver() override {
    return place_input(settings_.placement, host_, settings_.pinned());
  }
  [[nodiscard]] bool decodes() const override { return false; }
  [[nodiscard]] std::size_t batches() const override { return loader_.batches(); }
  [[nodiscard]] double waiting_seconds() const override { return loader_.waiting_seconds(); }

 private:
  const ItemSource& source_;
  ExtractionSettings settings_;
  Loader loader_;
  Activations host_;
};

/// Whole files that the device decodes.
class FileFeed : public InputFeed {
 public:
  FileFeed(const ItemSource& source, const ExtractionSettings& settings, std::size_t prefetch,
           std::size_t items)
      : source_(source),
        decoder_(*settings.gpu_decoder),
        loader_(source, loader_options(settings, prefetch, items)) {}

  bool load() override {
    const std::optional<Batch> batch = loader_.next();
    if (!batch) return false;
    first_item_ = batch->first_item;
    const std::size_t room = source_.shape().front().bytes();
    const auto* sizes = reinterpret_cast<const std::int32_t*>(batch->tensors[1].data());
    files_.clear();
    for (std::size_t i = 0; i < batch->size; ++i) {
      files_.emplace_back(batch->tensors[0].data() + i * room, static_cast<std::size_t>(sizes[i]));
    }
    return true;
  }
  Activations deliver() override {
    try {
      return {decoder_.decode(files_), {}};
    } catch (const ImageError& error) {
      const std::vector<std::filesystem::path> paths = source_.files();
      const std::size_t item = (first_item_ + error.index) % source_.size();
      throw std::runtime_error("cannot decode '" +
                               (item < paths.size() ? paths[item].string() : std::to_string(item)) +
                               "': " + error.what());
    }
  }
  [[nodiscard]] bool decodes() const override { return true; }
  [[nodiscard]] std::string decoder_facts() const override { return decoder_.describe(); }
  [[nodiscard]] std::size_t batches() const override { return loader_.batches(); }
  [[nodiscard]] double waiting_seconds() const override { return loader_.waiting_seconds(); }

 private:
  const ItemSource& source_;
  GpuDecoder& decoder_;
  Loader loader_;
  std::vector<std::span<const std::byte>> files_;
  std::size_t first_item_ = 0;
};

}  // namespace

std::size_t held_batches(std::size_t prefetch) {
  // Without reading ahead each batch is done before the next one is asked for.
  return prefetch == 0 ? 1 : 2;
}

std::unique_ptr<InputFeed> make_feed(const ItemSource& source, const ExtractionSettings& settings,
                                     std::size_t prefetch, std::size_t items) {
  if (settings.gpu_decoder == nullptr) {
    return std::make_unique<HostFeed>(source, settings, prefetch, items);
  }
  return std::make_unique<FileFeed>(source, settings, prefetch, items);
}

}  // namespace model_search
