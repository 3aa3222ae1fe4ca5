// SPDX-License-Identifier: Apache-2.0
#include "datasets/loading/loader.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <fstream>
#include <latch>
#include <map>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include "tests/datasets/error_message.h"

namespace model_search {
namespace {

/// Item i is the two numbers i, 10 i, and whether i is odd; its label -i; `on_read` may wait or
/// throw.
class Numbers : public ItemSource {
 public:
  explicit Numbers(std::size_t size, std::function<void(std::size_t)> on_read = {})
      : size_(size), on_read_(std::move(on_read)) {}
  [[nodiscard]] std::size_t size() const override { return size_; }
  [[nodiscard]] const ItemShape& shape() const override { return shape_; }
  [[nodiscard]] std::int64_t label(std::size_t index) const override {
    return -static_cast<std::int64_t>(index);
  }
  ReadSeconds read(std::size_t index, ItemBytes out) const override {
    ++reads;
    if (on_read_) on_read_(index);
    const std::array<std::uint32_t, 2> item{static_cast<std::uint32_t>(index),
                                            static_cast<std::uint32_t>(10 * index)};
    check_item_bytes(shape_, out);
    std::memcpy(out[0].data(), item.data(), sizeof(item));
    out[1][0] = static_cast<std::byte>(index % 2);
    return {1, 2, 4};
  }
  mutable std::atomic<std::size_t> reads = 0;

 private:
  ItemShape shape_{{{2}, Element::int32}, {{1}, Element::boolean}};
  std::size_t size_;
  std::function<void(std::size_t)> on_read_;
};

/// Numbers of which a thread should read `items_per_read` at a time; remembers what was asked for.
class Runs : public Numbers {
 public:
  Runs(std::size_t size, std::size_t items_per_read, std::function<void(std::size_t)> on_read = {})
      : Numbers(size, std::move(on_read)), items_per_read_(items_per_read) {}
  [[nodiscard]] std::size_t items_per_read() const override { return items_per_read_; }
  ReadSeconds read_many(std::size_t first, std::size_t count, ItemBytes out) const override {
    {
      const std::lock_guard lock(mutex_);
      runs_.emplace_back(first, count);
    }
    return Numbers::read_many(first, count, out);
  }
  /// Pairs of the first item and their number, in order.
  [[nodiscard]] std::vector<std::pair<std::size_t, std::size_t>> runs() const {
    const std::lock_guard lock(mutex_);
    return runs_;
  }

 private:
  std::size_t items_per_read_;
  mutable std::mutex mutex_;
  mutable std::vector<std::pair<std::size_t, std::size_t>> runs_;
};

void expect_batch(const LoadedItems& batch, std::size_t first, std::size_t size,
                  std::size_t source) {
  EXPECT_EQ(batch.first_item, first);
  ASSERT_EQ(batch.size, size);
  ASSERT_EQ(batch.labels.size(), size);
  ASSERT_EQ(batch.tensors.size(), 2U);
  ASSERT_EQ(batch.tensors[0].size(), size * 8);
  ASSERT_EQ(batch.tensors[1].size(), size);
  for (std::size_t i = 0; i < size; ++i) {
    std::array<std::uint32_t, 2> item{};
    std::memcpy(item.data(), batch.tensors[0].data() + 8 * i, sizeof(item));
    const std::size_t index = (first + i) % source;
    EXPECT_EQ(item[0], index);
    EXPECT_EQ(item[1], 10 * index);
    EXPECT_EQ(batch.tensors[1][i], static_cast<std::byte>(index % 2));
    EXPECT_EQ(batch.labels[i], -static_cast<std::int64_t>(index));
  }
  EXPECT_EQ(batch.read.storage, static_cast<double>(size));
  EXPECT_EQ(batch.read.preprocess, 4.0 * static_cast<double>(size));
}

TEST(Loader, DeliversTheSameForAnyWorkersAndPrefetch) {
  const Numbers source(23);
  for (const std::size_t workers : {1U, 2U, 3U, 8U}) {
    for (const std::size_t prefetch : {0U, 1U, 2U, 5U, 40U}) {
      Loader loader(source, {.batch_size = 4, .workers = workers, .prefetch = prefetch});
      EXPECT_EQ(loader.batches(), 6U);
      for (std::size_t b = 0; b < 6; ++b) {
        const auto batch = loader.next();
        ASSERT_TRUE(batch);
        expect_batch(*batch, 4 * b, b == 5 ? 3 : 4, 23);
      }
      EXPECT_FALSE(loader.next());
      EXPECT_FALSE(loader.next());
    }
  }
}

TEST(Loader, DeliversTheSameForAnyItemsPerRead) {
  for (const std::size_t items_per_read : {1U, 2U, 3U, 7U, 100U}) {
    for (const std::size_t workers : {1U, 3U, 8U}) {
      for (const std::size_t prefetch : {0U, 1U, 5U}) {
        const Runs source(13, items_per_read);
        LoaderOptions options{.batch_size = 5, .workers = workers, .prefetch = prefetch};
        options.items = 33;
        Loader loader(source, options);
        for (std::size_t first = 0; first < 33; first += 5) {
          expect_batch(loader.next().value(), first, std::min<std::size_t>(5, 33 - first), 13);
        }
        EXPECT_FALSE(loader.next());
      }
    }
  }
}

TEST(Loader, ReadsRunsWithinABatchAndBeforeTheEndOfTheSource) {
  const Runs source(10, 3);
  Loader loader(source, {.batch_size = 8, .workers = 1, .prefetch = 1, .items = 20});
  while (loader.next()) {
  }
  using Run = std::pair<std::size_t, std::size_t>;
  EXPECT_EQ(source.runs(), (std::vector<Run>{{0, 3},
                                             {3, 3},
                                             {6, 2},  // the first batch ends
                                             {8, 2},  // the source ends
                                             {0, 3},
                                             {3, 3},  // the second batch ends
                                             {6, 3},
                                             {9, 1}}));  // the items end, and the source again
}

TEST(Loader, LeavesEveryWorkerTwoRuns) {
  const auto largest_run = [](std::size_t batch, std::size_t workers, std::size_t prefetch) {
    const Runs source(1000, 8);
    Loader loader(source, {.batch_size = batch, .workers = workers, .prefetch = prefetch});
    while (loader.next()) {
    }
    std::size_t largest = 0;
    for (const auto& [first, count] : source.runs()) largest = std::max(largest, count);
    return largest;
  };
  EXPECT_EQ(largest_run(128, 2, 1), 8U);
  EXPECT_EQ(largest_run(32, 4, 1), 4U);
  EXPECT_EQ(largest_run(32, 4, 0), 4U);
  EXPECT_EQ(largest_run(9, 4, 1), 2U);
  EXPECT_EQ(largest_run(1, 4, 1), 1U);
  EXPECT_EQ(largest_run(32, 4, 2), 8U);  // Two batches may be read ahead.
}

TEST(Loader, WrapsAroundAShortSource) {
  const Numbers source(5);
  Loader loader(source, {.batch_size = 4, .workers = 3, .items = 14});
  for (std::size_t first = 0; first < 14; first += 4) {
    expect_batch(loader.next().value(), first, std::min<std::size_t>(4, 14 - first), 5);
  }
  EXPECT_FALSE(loader.next());
}

TEST(Loader, TakesBatchesLargerThanTheSource) {
  const Numbers source(3);
  Loader loader(source, {.batch_size = 100, .workers = 8});
  EXPECT_EQ(loader.batches(), 1U);
  expect_batch(loader.next().value(), 0, 3, 3);
}

TEST(Loader, ReadsNothingBetweenTwoCallsWithoutPrefetch) {
  const Numbers source(20);
  Loader loader(source, {.batch_size = 4, .workers = 3, .prefetch = 0});
  for (std::size_t b = 1; b <= 5; ++b) {
    EXPECT_EQ(source.reads, 4 * (b - 1));
    ASSERT_TRUE(loader.next());
    EXPECT_EQ(source.reads, 4 * b);  // Every item of the batch, and none beyond.
  }
}

TEST(Loader, NeverReadsFurtherAheadThanPrefetch) {
  constexpr std::size_t batch_size = 3;
  constexpr std::size_t prefetch = 2;
  std::atomic<std::size_t> permitted = prefetch * batch_size;
  std::atomic<bool> exceeded = false;
  const Numbers source(300, [&](std::size_t index) {
    if (index >= permitted) exceeded = true;
  });
  Loader loader(source, {.batch_size = batch_size, .workers = 4, .prefetch = prefetch});
  for (std::size_t b = 0; b < 100; ++b) {
    permitted = (b + 1 + prefetch) * batch_size;
    ASSERT_TRUE(loader.next());
  }
  EXPECT_FALSE(exceeded);
}

TEST(Loader, ReadsAheadWhileTheConsumerIsBusy) {
  std::latch two_batches(6);  // Waits for ever where the loader does not read ahead.
  const Numbers source(30, [&](std::size_t index) {
    if (index < 6) two_batches.count_down();
  });
  Loader loader(source, {.batch_size = 3, .workers = 1, .prefetch = 2});
  two_batches.wait();
  ASSERT_TRUE(loader.next());
}

TEST(Loader, PutsAllWorkersOnTheOldestBatch) {
  std::latch together(4);  // Waits for ever unless four threads read one batch.
  const Numbers source(8, [&](std::size_t index) {
    if (index < 4) together.arrive_and_wait();
  });
  Loader loader(source, {.batch_size = 4, .workers = 4, .prefetch = 0});
  expect_batch(loader.next().value(), 0, 4, 8);
}

TEST(Loader, AllocatesPrefetchPlusOneBuffersForEachTensor) {
  const Numbers source(100);
  std::map<std::size_t, std::vector<std::size_t>> sizes;  // by tensor
  LoaderOptions options{.batch_size = 5, .workers = 2, .prefetch = 3};
  options.allocate = [&](std::size_t tensor, std::size_t bytes) {
    sizes[tensor].push_back(bytes);
    return allocate_pageable(bytes);
  };
  Loader loader(source, options);
  while (loader.next()) {
  }
  EXPECT_EQ(sizes, (std::map<std::size_t, std::vector<std::size_t>>{
                       {0, std::vector<std::size_t>(4, 40)}, {1, std::vector<std::size_t>(4, 5)}}));
}

TEST(Loader, ThrowsTheFirstErrorInItsPlaceAndAgain) {
  for (const std::size_t workers : {1U, 2U, 8U}) {
    for (const std::size_t prefetch : {0U, 1U, 4U}) {
      const Numbers source(40, [](std::size_t index) {
        if (index >= 13 && index % 2 == 1) {
          throw std::runtime_error("cannot read item " + std::to_string(index));
        }
      });
      Loader loader(source, {.batch_size = 4, .workers = workers, .prefetch = prefetch});
      for (std::size_t b = 0; b < 3; ++b) expect_batch(loader.next().value(), 4 * b, 4, 40);
      for (int again = 0; again < 3; ++again) {
        EXPECT_EQ(message_of<std::runtime_error>([&] { (void)loader.next(); }),
                  "cannot read item 13");
      }
    }
  }
}

TEST(Loader, ThrowsTheFirstErrorOfRuns) {
  for (const std::size_t workers : {1U, 2U, 8U}) {
    for (const std::size_t prefetch : {0U, 1U, 4U}) {
      const Runs source(80, 4, [](std::size_t index) {
        if (index >= 29 && index % 2 == 1) {
          throw std::runtime_error("cannot read item " + std::to_string(index));
        }
      });
      Loader loader(source, {.batch_size = 8, .workers = workers, .prefetch = prefetch});
      for (std::size_t b = 0; b < 3; ++b) expect_batch(loader.next().value(), 8 * b, 8, 80);
      for (int again = 0; again < 3; ++again) {
        EXPECT_EQ(message_of<std::runtime_error>([&] { (void)loader.next(); }),
                  "cannot read item 29");
      }
    }
  }
}

TEST(Loader, CountsTheWaitingOfIdleWorkers) {
  const Numbers source(8);
  const auto begin = std::chrono::steady_clock::now();
  Loader loader(source, {.batch_size = 4, .workers = 3, .prefetch = 0});
  const auto until_at_least = [&](double seconds) {
    // Waits for ever where workers that wait now are not counted.
    while (loader.waiting_seconds() < seconds) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  };
  until_at_least(0.01);
  ASSERT_TRUE(loader.next());
  const double before = loader.waiting_seconds();
  EXPECT_GE(before, 0.01);
  until_at_least(before + 0.01);
  const double waited = loader.waiting_seconds();
  const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - begin;
  EXPECT_LE(waited, 3 * passed.count());
}

TEST(Loader, CountsNoWaitingWhileWorkersRead) {
  std::latch all_read(3);
  std::latch released(1);
  const Numbers source(3, [&](std::size_t) {
    all_read.count_down();
    released.wait();
  });
  Loader loader(source, {.batch_size = 3, .workers = 3, .prefetch = 1});
  all_read.wait();
  const double before = loader.waiting_seconds();
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
  EXPECT_EQ(loader.waiting_seconds(), before);
  released.count_down();
  ASSERT_TRUE(loader.next());
}

TEST(Loader, StopsWithWorkInFlight) {
  for (std::size_t round = 0; round < 50; ++round) {
    std::latch begun(1);
    std::atomic_flag first = ATOMIC_FLAG_INIT;
    const Numbers source(1000, [&](std::size_t) {
      if (!first.test_and_set()) begun.count_down();
      std::this_thread::yield();
    });
    Loader loader(source, {.batch_size = 8, .workers = 4, .prefetch = 3});
    begun.wait();
    for (std::size_t b = 0; b < round % 3; ++b) ASSERT_TRUE(loader.next());
  }
}

TEST(Loader, StopsWithoutEverBeingAsked) {
  const Numbers source(10);
  for (const std::size_t prefetch : {0U, 2U, 100U}) {
    const Loader loader(source, {.batch_size = 2, .workers = 4, .prefetch = prefetch});
  }
}

TEST(Loader, RefusesZeros) {
  const Numbers source(3);
  EXPECT_THROW(Loader(source, {.batch_size = 0}), std::invalid_argument);
  EXPECT_THROW(Loader(source, {.workers = 0}), std::invalid_argument);
  EXPECT_THROW(Loader(Numbers(0), {}), std::invalid_argument);
}

/// Items of 64 KiB.
class Blocks : public ItemSource {
 public:
  [[nodiscard]] std::size_t size() const override { return 7; }
  [[nodiscard]] const ItemShape& shape() const override { return shape_; }
  [[nodiscard]] std::int64_t label(std::size_t) const override { return 0; }
  ReadSeconds read(std::size_t index, ItemBytes out) const override {
    std::fill(out[0].begin(), out[0].end(), static_cast<std::byte>(index));
    return {};
  }
  [[nodiscard]] std::size_t items_per_read() const override { return 3; }

 private:
  ItemShape shape_{{{65536}, Element::boolean}};
};

/// Memory of this process that is in RAM, in bytes.
std::size_t resident_memory() {
  std::size_t all = 0;
  std::size_t resident = 0;
  std::ifstream("/proc/self/statm") >> all >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

TEST(Loader, TakesNoMoreMemoryHoweverLongItRuns) {
  constexpr std::size_t batches = 5000;
  constexpr std::size_t margin = std::size_t{8} << 20U;  // For what allocators keep.
  const Blocks source;
  std::size_t buffers = 0;
  LoaderOptions options{.batch_size = 4, .workers = 2, .prefetch = 2, .items = 4 * batches};
  options.allocate = [&](std::size_t, std::size_t bytes) {
    ++buffers;
    return allocate_pageable(bytes);
  };
  Loader loader(source, options);
  for (std::size_t b = 0; b < batches / 10; ++b) ASSERT_TRUE(loader.next());
  const std::size_t early = resident_memory();
  ASSERT_GT(early, 0U);
  while (loader.next()) {
  }
  // The 4,500 batches since then hold 1.1 GiB.
  EXPECT_LT(resident_memory(), early + margin);
  EXPECT_EQ(buffers, 3U);
}

TEST(AllocatePageable, IsAligned) {
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(allocate_pageable(100).get()) % 4096, 0U);
}

}  // namespace
}  // namespace model_search
