// SPDX-License-Identifier: Apache-2.0
#include "datasets/loader.h"

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

namespace model_search {

BatchMemory allocate_pageable(std::size_t bytes) {
  constexpr std::align_val_t alignment{64};
  return {static_cast<std::byte*>(::operator new[](bytes, alignment)),
          [](std::byte* memory) { ::operator delete[](memory, alignment); }};
}

namespace {

constexpr std::size_t part_alignment = 64;

/// Bytes that a tensor of a batch takes in a buffer.
std::size_t part_bytes(const TensorShape& tensor, std::size_t batch_size) {
  return (batch_size * tensor.bytes() + part_alignment - 1) / part_alignment * part_alignment;
}

}  // namespace

std::size_t loader_buffer_bytes(const ItemShape& shape, std::size_t batch_size) {
  std::size_t bytes = 0;
  for (const TensorShape& tensor : shape) bytes += part_bytes(tensor, batch_size);
  return bytes;
}

struct Loader::State {
  /// Where a tensor of all items of a batch lies in a slot.
  struct Part {
    std::size_t begin = 0;
    std::size_t item_bytes = 0;
  };
  /// A buffer of the ring. Batch b lives in slot b % slots.size().
  struct Slot {
    BatchMemory data;
    std::vector<std::int64_t> labels;
    std::size_t finished = 0;  ///< items read without error
    ReadSeconds read;
  };

  State(const ItemSource& items_source, LoaderOptions settings)
      : source(items_source), options(std::move(settings)) {
    if (options.batch_size == 0) throw std::invalid_argument("a loader's batch size must be >= 1");
    if (options.workers == 0) throw std::invalid_argument("a loader needs at least 1 worker");
    if (source.size() == 0) throw std::invalid_argument("a loader needs a source with items");
    if (options.items == 0) options.items = source.size();
    batch_count = (options.items + options.batch_size - 1) / options.batch_size;
    for (const TensorShape& tensor : source.shape()) {
      parts.push_back({.begin = slot_bytes, .item_bytes = tensor.bytes()});
      slot_bytes += part_bytes(tensor, options.batch_size);
    }
    slots.resize(options.prefetch + 1);
    for (Slot& slot : slots) {
      slot.data = options.allocate(slot_bytes);
      slot.labels.resize(options.batch_size);
    }
    try {
      for (std::size_t i = 0; i < options.workers; ++i) workers.emplace_back([this] { work(); });
    } catch (const std::system_error& failure) {
      stop();
      throw std::runtime_error("cannot start " + std::to_string(options.workers) +
                               " loader workers: " + failure.what());
    }
  }

  // `workers` is the last member, so it joins before anything else goes.
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

  /// The items that may be begun now: those of the batches in reach of the consumer.
  [[nodiscard]] std::size_t end_of_allowed() const {
    const std::size_t ahead = std::max<std::size_t>(options.prefetch, waiting ? 1 : 0);
    return std::min(options.items, (delivered + ahead) * options.batch_size);
  }

  void work() {
    std::unique_lock lock(mutex);
    while (true) {
      work_allowed.wait(lock, [this] { return stopping || next_item < end_of_allowed(); });
      if (stopping || error) return;
      read_item(next_item++, lock);
    }
  }

  /// Called with the lock held, which is released for the reading itself.
  void read_item(std::size_t item, std::unique_lock<std::mutex>& lock) {
    const std::size_t batch = item / options.batch_size;
    const std::size_t place = item % options.batch_size;
    Slot& slot = slot_of(batch);
    ++in_flight;
    lock.unlock();
    ReadSeconds seconds;
    std::exception_ptr failure;
    try {
      const std::size_t index = item % source.size();
      slot.labels[place] = source.label(index);
      thread_local std::vector<std::span<std::byte>> item_parts;  // Kept: no allocation per item.
      item_parts.clear();
      for (const Part& part : parts) {
        item_parts.emplace_back(slot.data.get() + part.begin + place * part.item_bytes,
                                part.item_bytes);
      }
      seconds = source.read(index, item_parts);
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
    --in_flight;
    if (failure) {
      // Items are begun in order, so keeping the first one reports the same error for any
      // number of workers: what comes before it has been begun and will be waited for.
      if (!error || item < failed_item) {
        error = failure;
        failed_item = item;
      }
    } else {
      ++slot.finished;
      slot.read.storage += seconds.storage;
      slot.read.decode += seconds.decode;
      slot.read.preprocess += seconds.preprocess;
    }
    if (error || slot.finished == size_of(batch)) batch_settled.notify_one();
  }

  const ItemSource& source;
  LoaderOptions options;
  std::size_t batch_count = 0;
  std::size_t slot_bytes = 0;
  std::vector<Part> parts;
  std::vector<Slot> slots;

  std::mutex mutex;  // guards everything below, and the slots' counters
  std::condition_variable work_allowed;
  std::condition_variable batch_settled;
  bool stopping = false;
  bool waiting = false;       ///< the consumer is inside next()
  std::size_t next_item = 0;  ///< the first item that no worker has begun
  std::size_t in_flight = 0;  ///< items being read
  std::size_t delivered = 0;  ///< batches handed to the consumer
  std::exception_ptr error;
  std::size_t failed_item = 0;
  std::vector<std::jthread> workers;
};

Loader::Loader(const ItemSource& source, LoaderOptions options)
    : state_(std::make_unique<State>(source, std::move(options))) {}

Loader::~Loader() = default;

std::size_t Loader::batches() const {
  return state_->batch_count;
}

std::optional<Batch> Loader::next() {
  State& state = *state_;
  std::unique_lock lock(state.mutex);
  if (state.delivered == state.batch_count) return std::nullopt;
  const std::size_t batch = state.delivered;
  const std::size_t size = state.size_of(batch);
  State::Slot& slot = state.slot_of(batch);
  state.waiting = true;
  state.work_allowed.notify_all();
  state.batch_settled.wait(
      lock, [&] { return slot.finished == size || (state.error && state.in_flight == 0); });
  state.waiting = false;
  if (slot.finished != size) std::rethrow_exception(state.error);

  ++state.delivered;
  slot.finished = 0;
  const ReadSeconds read = std::exchange(slot.read, {});
  state.work_allowed.notify_all();
  std::vector<std::span<std::byte>> tensors;
  for (const State::Part& part : state.parts) {
    tensors.emplace_back(slot.data.get() + part.begin, size * part.item_bytes);
  }
  return Batch{.tensors = std::move(tensors),
               .labels = {slot.labels.data(), size},
               .first_item = batch * state.options.batch_size,
               .size = size,
               .read = read};
}

}  // namespace model_search
