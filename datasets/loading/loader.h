// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "datasets/loading/item_source.h"

namespace model_search {

/// Memory of one batch; freed by its deleter (pinned memory needs CUDA's).
using BatchMemory = std::unique_ptr<std::byte[], std::function<void(std::byte*)>>;
/// Makes `bytes` bytes for one tensor of a batch, by its place in the items' shape; called
/// `prefetch
/// + hold` times for each tensor when a loader is built.
using BatchAllocator = std::function<BatchMemory(std::size_t tensor, std::size_t bytes)>;
/// Ordinary memory, aligned to 4096 bytes: files can be read into it past the page cache.
[[nodiscard]] BatchMemory allocate_pageable(std::size_t bytes);

struct LoaderOptions {
  std::size_t batch_size = 1;  ///< items per batch, at least 1
  std::size_t workers = 1;     ///< threads that read items, at least 1
  /// Batches read ahead of the consumer. 0: a batch is begun when next() asks for it, and nothing
  /// is read between two calls (serial mode). k: up to k batches are being read or are complete and
  /// waiting.
  std::size_t prefetch = 2;
  /// Batches that the consumer holds, at least 1: the memory of a batch stays unchanged until
  /// next() has been called this many more times.
  std::size_t hold = 1;
  /// The number of items to read; 0: every item once. A larger number than the source has wraps
  /// around.
  std::size_t items = 0;
  BatchAllocator allocate = [](std::size_t, std::size_t bytes) { return allocate_pageable(bytes); };
};

/// The items of one batch as they were read; the memory belongs to the loader and is valid until it
/// is handed back.
struct LoadedItems {
  /// For each tensor of an item: [size, ...shape], items one after another, each tensor in memory
  /// of its own.
  std::vector<std::span<std::byte>> tensors;
  std::span<const std::int64_t> labels;  ///< [size]
  std::size_t first_item = 0;            ///< index in the order of reading, before wrapping
  std::size_t size = 0;                  ///< the last batch may be short
  ReadSeconds read;                      ///< sums over the batch's items, in thread-seconds
};

/// Reads the items of a source in order, by `workers` threads that all work on the oldest
/// unfinished batch, into a ring of `prefetch + hold` buffers. A thread takes as many consecutive
/// items of a batch as the source asks for (items_per_read()), but few enough that each thread gets
/// two such runs of the items that may be read ahead. The content and order of the batches do not
/// depend on the number of workers. Item i of the run is item i % source.size().
class Loader {
 public:
  /// `source` must outlive the loader. Throws std::invalid_argument for zero sizes.
  Loader(const ItemSource& source, LoaderOptions options);
  /// Stops the workers once they have finished the items that they are reading.
  ~Loader();
  Loader(const Loader&) = delete;
  Loader& operator=(const Loader&) = delete;

  /// Waits for the next batch; nullopt after the last one. The buffer of the batch given `hold`
  /// calls before is handed back to the workers. Rethrows a worker's error, for the batch in which
  /// it happened (earlier batches are still delivered); every later call throws it again.
  [[nodiscard]] std::optional<LoadedItems> next();

  [[nodiscard]] std::size_t batches() const;  ///< ceil(items / batch_size)

  /// Thread-seconds that all workers together have waited for work since they started, including
  /// the workers that wait now: for room in the buffers or, without prefetch, for next(). Once all
  /// items are read, they wait until the loader is destroyed.
  [[nodiscard]] double waiting_seconds() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace model_search
