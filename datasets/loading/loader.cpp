// SPDX-License-Identifier: Apache-2.0
#include "datasets/loading/loader.h"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <new>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "datasets/files/aligned_memory.h"
#include "datasets/loading/waiting_time.h"
#include "datasets/loading/waits.h"

namespace model_search {

BatchMemory allocate_pageable(std::size_t bytes) {
  constexpr std::align_val_t alignment{direct_alignment};
  return {static_cast<std::byte*>(::operator new[](bytes, alignment)),
          [](std::byte* memory) { ::operator delete[](memory, alignment); }};
}

struct Loader::State {
  /// A buffer of the ring. Batch b lives in slot b % slots.size().
  struct Slot {
    std::vector<BatchMemory> memory;            ///< of each tensor
    std::vector<std::span<std::byte>> tensors;  ///< for a full batch
    std::vector<std::int64_t> labels;
    std::size_t finished = 0;  ///< items read without error
    ReadSeconds read;
  };

  State(const ItemSource& items_source, LoaderOptions settings)
      : source(items_source), options(std::move(settings)) {
    if (options.batch_size == 0) throw std::invalid_argument("a loader's batch size must be >= 1");
    if (options.hold == 0)
      throw std::invalid_argument("a loader's consumer holds at least 1 batch");
    if (options.workers == 0) throw std::invalid_argument("a loader needs at least 1 worker");
    if (source.size() == 0) throw std::invalid_argument("a loader needs a source with items");
    if (options.items == 0) options.items = source.size();
    batch_count = (options.items + options.batch_size - 1) / options.batch_size;
    const std::size_t ahead = options.batch_size * std::max<std::size_t>(options.prefetch, 1);
    const std::size_t share = (ahead + 2 * options.workers - 1) / (2 * options.workers);
    items_per_run = std::max<std::size_t>(std::min(source.items_per_read(), share), 1);
    slots.resize(options.prefetch + options.hold);
    for (Slot& slot : slots) {
      for (std::size_t i = 0; i < source.shape().size(); ++i) {
        const std::size_t bytes = options.batch_size * source.shape()[i].bytes();
        slot.tensors.emplace_back(slot.memory.emplace_back(options.allocate(i, bytes)).get(),
                                  bytes);
      }
      slot.labels.resize(options.batch_size);
    }
    try {
      for (std::size_t i = 0; i < options.workers; ++i) {
        workers.emplace_back([this, i] {
          name_thread("loader worker", i);
          work();
        });
      }
    } catch (const std::system_error& failure) {
      stop();
      throw std::runtime_error("cannot start " + std::to_string(options.workers) +
                               " loader workers: " + failure.what());
    }
  }

  // `workers` is the last member, so it joins before anything else is destroyed.
  ~State() { stop(); }

  void stop() {
    const std::lock_guard lock(mutex);
    stopping = true;
    work_allowed.notify_all();
  }

  [[nodiscard]] std::size_t size_of(std::size_t batch) const {
    return std::min(options.batch_size, options.items - batch * options.batch_size);
  }
  Slot& slot_of(std::size_t batch) { return slots[batch % slots.size()]; }

  /// The end of the items that may be started now: those of the batches that may be read ahead.
  [[nodiscard]] std::size_t end_of_allowed() const {
    const std::size_t ahead = std::max<std::size_t>(options.prefetch, waiting ? 1 : 0);
    return std::min(options.items, (delivered + ahead) * options.batch_size);
  }

  /// The end of the items that one worker reads together from `first` on. They are of one batch and
  /// do not wrap around the end of the source.
  [[nodiscard]] std::size_t end_of_run(std::size_t first) const {
    const std::size_t end_of_batch = (first / options.batch_size + 1) * options.batch_size;
    const std::size_t end_of_source = (first / source.size() + 1) * source.size();
    return std::min({first + items_per_run, end_of_batch, end_of_source, options.items});
  }

  void work() {
    std::unique_lock lock(mutex);
    const auto is_ready = [this] { return stopping || next_item < end_of_allowed(); };
    while (true) {
      if (!is_ready()) {
        const Wait wait("waiting for room in the loader's buffers");
        waiting_time.begin();
        work_allowed.wait(lock, is_ready);
        waiting_time.end();
      }
      if (stopping || error) return;
      const std::size_t first = std::exchange(next_item, end_of_run(next_item));
      read_items(first, next_item - first, lock);
    }
  }

  /// Called with the lock held, which is released for the reading itself.
  void read_items(std::size_t first, std::size_t count, std::unique_lock<std::mutex>& lock) {
    const std::size_t batch = first / options.batch_size;
    const std::size_t place = first % options.batch_size;
    Slot& slot = slot_of(batch);
    ++in_flight;
    lock.unlock();
    ReadSeconds seconds;
    std::exception_ptr failure;
    try {
      const std::size_t index = first % source.size();
      for (std::size_t i = 0; i < count; ++i) slot.labels[place + i] = source.label(index + i);
      seconds =
          source.read_many(index, count, narrow_items(source.shape(), slot.tensors, place, count));
    } catch (...) {
      failure = std::current_exception();
    }
    note_progress();
    lock.lock();
    --in_flight;
    if (failure) {
      // Items are started in order, so keeping the first error reports the same one for any number
      // of workers: all earlier items have been started and are waited for.
      if (!error || first < failed_item) {
        error = failure;
        failed_item = first;
      }
    } else {
      slot.finished += count;
      slot.read += seconds;
    }
    if (error || slot.finished == size_of(batch)) batch_settled.notify_one();
  }

  const ItemSource& source;
  LoaderOptions options;
  std::size_t batch_count = 0;
  std::size_t items_per_run = 1;
  std::vector<Slot> slots;

  std::mutex mutex;  // guards everything below, and the slots' counters
  std::condition_variable work_allowed;
  std::condition_variable batch_settled;
  bool stopping = false;
  bool waiting = false;       ///< the consumer is inside next()
  std::size_t next_item = 0;  ///< the first item that no worker has started
  std::size_t in_flight = 0;  ///< workers that are reading
  std::size_t delivered = 0;  ///< batches handed to the consumer
  std::exception_ptr error;
  std::size_t failed_item = 0;  ///< the first item of the run in which `error` happened
  WaitingTime waiting_time;     ///< of the workers, for work
  std::vector<std::jthread> workers;
};

Loader::Loader(const ItemSource& source, LoaderOptions options)
    : state_(std::make_unique<State>(source, std::move(options))) {}

Loader::~Loader() {
  const Wait wait("waiting for the end of the loader's workers");
  state_.reset();
}

std::size_t Loader::batches() const {
  return state_->batch_count;
}

double Loader::waiting_seconds() const {
  const std::lock_guard lock(state_->mutex);
  return state_->waiting_time.seconds();
}

std::optional<LoadedItems> Loader::next() {
  State& state = *state_;
  std::unique_lock lock(state.mutex);
  if (state.delivered == state.batch_count) return std::nullopt;
  const std::size_t batch = state.delivered;
  const std::size_t size = state.size_of(batch);
  State::Slot& slot = state.slot_of(batch);
  state.waiting = true;
  state.work_allowed.notify_all();
  {
    const Wait wait("waiting for the next batch of the loader");
    state.batch_settled.wait(
        lock, [&] { return slot.finished == size || (state.error && state.in_flight == 0); });
  }
  state.waiting = false;
  if (slot.finished != size) std::rethrow_exception(state.error);

  ++state.delivered;
  slot.finished = 0;
  const ReadSeconds read = std::exchange(slot.read, {});
  state.work_allowed.notify_all();
  return LoadedItems{.tensors = narrow_items(state.source.shape(), slot.tensors, 0, size),
                     .labels = {slot.labels.data(), size},
                     .first_item = batch * state.options.batch_size,
                     .size = size,
                     .read = read};
}

}  // namespace model_search
