// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>

#include "datasets/loading/host_clock.h"
#include "datasets/loading/waits.h"

namespace model_search {

/// Hands values from one thread to another, at most `capacity` of them waiting: the producer waits
/// where the consumer is slower, and the other way round. Either side may end it: the producer with
/// close() or fail(), the consumer with abandon(). Waits are registered under `name`, which must
/// outlive the queue, and each value that goes through is progress.
template <typename Value>
class BoundedQueue {
 public:
  explicit BoundedQueue(std::size_t capacity, std::string_view name = "a queue")
      : capacity_(capacity), name_(name) {}
  BoundedQueue(const BoundedQueue&) = delete;
  BoundedQueue& operator=(const BoundedQueue&) = delete;

  /// Waits for room. After abandon() it drops the value and returns false.
  bool push(Value value) {
    std::unique_lock lock(mutex_);
    wait("waiting for room in", lock, producer_seconds_,
         [this] { return values_.size() < capacity_ || abandoned_; });
    if (abandoned_) return false;
    values_.push_back(std::move(value));
    note_progress();
    changed_.notify_all();
    return true;
  }

  /// Waits for a value; nullopt after close(), once all values are taken. Rethrows the error given
  /// to fail() after the values before it.
  std::optional<Value> pop() {
    std::unique_lock lock(mutex_);
    wait("waiting for a value of", lock, consumer_seconds_,
         [this] { return !values_.empty() || closed_; });
    if (values_.empty()) {
      if (error_) std::rethrow_exception(error_);
      return std::nullopt;
    }
    std::optional<Value> value(std::move(values_.front()));
    values_.pop_front();
    note_progress();
    changed_.notify_all();
    return value;
  }

  /// No value will follow.
  void close() { fail(nullptr); }
  /// No value will follow because of `error`.
  void fail(std::exception_ptr error) {
    const std::lock_guard lock(mutex_);
    error_ = std::move(error);
    closed_ = true;
    changed_.notify_all();
  }
  /// The consumer stops: push() no longer waits, and waiting values are dropped.
  void abandon() {
    const std::lock_guard lock(mutex_);
    abandoned_ = true;
    values_.clear();
    changed_.notify_all();
  }

  /// Seconds that push() and pop() waited.
  [[nodiscard]] double producer_seconds() const {
    const std::lock_guard lock(mutex_);
    return producer_seconds_;
  }
  [[nodiscard]] double consumer_seconds() const {
    const std::lock_guard lock(mutex_);
    return consumer_seconds_;
  }

 private:
  template <typename Ready>
  void wait(std::string_view what, std::unique_lock<std::mutex>& lock, double& seconds,
            const Ready& ready) {
    if (ready()) return;
    const Wait registered(what, name_);
    const HostClock clock;
    changed_.wait(lock, ready);
    seconds += clock.seconds();
  }

  const std::size_t capacity_;
  const std::string_view name_;
  mutable std::mutex mutex_;  // guards everything below
  std::condition_variable changed_;
  std::deque<Value> values_;
  std::exception_ptr error_;
  bool closed_ = false;
  bool abandoned_ = false;
  double producer_seconds_ = 0;
  double consumer_seconds_ = 0;
};

}  // namespace model_search
