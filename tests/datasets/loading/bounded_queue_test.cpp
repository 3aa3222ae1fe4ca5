// SPDX-License-Identifier: Apache-2.0
#include "datasets/loading/bounded_queue.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <thread>

namespace model_search {
namespace {

TEST(BoundedQueue, HandsOverInOrderAndEnds) {
  BoundedQueue<int> queue(2);
  std::jthread producer([&] {
    for (int i = 0; i < 1000; ++i) EXPECT_TRUE(queue.push(i));
    queue.close();
  });
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(queue.pop(), i);
  EXPECT_EQ(queue.pop(), std::nullopt);
  EXPECT_EQ(queue.pop(), std::nullopt);
}

TEST(BoundedQueue, HoldsNoMoreThanItsCapacity) {
  BoundedQueue<int> queue(3);
  std::atomic<int> pushed{0};
  std::jthread producer([&] {
    for (int i = 0; i < 50; ++i) {
      queue.push(i);
      ++pushed;
    }
    queue.close();
  });
  int taken = 0;
  while (queue.pop()) {
    ++taken;
    // What was pushed and not yet taken fits; the one being pushed may be counted or not.
    EXPECT_LE(pushed.load() - taken, 3);
  }
  EXPECT_EQ(taken, 50);
}

TEST(BoundedQueue, GivesTheErrorAfterTheValuesBeforeIt) {
  BoundedQueue<int> queue(4);
  queue.push(1);
  queue.push(2);
  queue.fail(std::make_exception_ptr(std::runtime_error("third")));
  EXPECT_EQ(queue.pop(), 1);
  EXPECT_EQ(queue.pop(), 2);
  EXPECT_THROW((void)queue.pop(), std::runtime_error);
  EXPECT_THROW((void)queue.pop(), std::runtime_error);
}

TEST(BoundedQueue, AConsumerThatLeavesFreesTheProducer) {
  BoundedQueue<int> queue(1);
  queue.push(1);
  std::atomic<bool> accepted{true};
  std::jthread producer([&] { accepted = queue.push(2); });
  queue.abandon();
  producer.join();
  EXPECT_FALSE(accepted);
  EXPECT_FALSE(queue.push(3));
}

TEST(BoundedQueue, CountsWhatItsSidesWait) {
  BoundedQueue<int> queue(1);
  std::jthread producer([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    queue.push(1);
    queue.close();
  });
  EXPECT_EQ(queue.pop(), 1);
  EXPECT_GT(queue.consumer_seconds(), 0.01);
  EXPECT_EQ(queue.producer_seconds(), 0);
}

}  // namespace
}  // namespace model_search
