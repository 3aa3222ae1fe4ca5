// SPDX-License-Identifier: Apache-2.0
#include "datasets/loading/in_parallel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

namespace model_search {
namespace {

TEST(InParallel, CallsEachOnceOnAtMostSoManyThreads) {
  for (const std::size_t threads : {0, 1, 3, 50}) {
    std::vector<std::atomic<int>> calls(20);
    std::mutex mutex;
    std::set<std::thread::id> seen;
    in_parallel(calls.size(), threads, [&](std::size_t i) {
      ++calls[i];
      const std::lock_guard lock(mutex);
      seen.insert(std::this_thread::get_id());
    });
    for (const auto& called : calls) EXPECT_EQ(called, 1);
    EXPECT_LE(seen.size(), std::max<std::size_t>(threads, 1));
  }
  in_parallel(0, 3, [](std::size_t) { FAIL(); });
}

TEST(InParallel, ComputesAtOnce) {
  // Both wait for each other: with one thread this would not end.
  std::atomic<int> there = 0;
  in_parallel(2, 2, [&](std::size_t) {
    ++there;
    while (there < 2) std::this_thread::yield();
  });
  EXPECT_EQ(there, 2);
}

TEST(InParallel, AFailureEndsItAndIsThrown) {
  for (const std::size_t threads : {1, 2}) {
    std::atomic<std::size_t> calls = 0;
    const auto work = [&](std::size_t i) {
      ++calls;
      if (i == 3) throw std::runtime_error("the fourth");
      // Those in hand may end, but no more begin once it has failed.
      if (i > 3) std::this_thread::sleep_for(std::chrono::milliseconds(20));
    };
    try {
      in_parallel(1000, threads, work);
      FAIL() << "nothing was thrown";
    } catch (const std::runtime_error& error) {
      EXPECT_STREQ(error.what(), "the fourth");
    }
    EXPECT_LT(calls, 1000U);
    if (threads == 1) {
      EXPECT_EQ(calls, 4U);
    }
  }
}

}  // namespace
}  // namespace model_search
