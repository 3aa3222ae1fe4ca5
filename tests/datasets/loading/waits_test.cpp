// SPDX-License-Identifier: Apache-2.0
#include "datasets/loading/waits.h"

#include <gtest/gtest.h>

#include <latch>
#include <optional>
#include <thread>

#include "datasets/loading/bounded_queue.h"
#include "datasets/loading/in_parallel.h"
#include "datasets/loading/loader.h"
#include "tests/datasets/wait_until.h"

namespace model_search {
namespace {

std::optional<ThreadWait> own_wait() {
  for (const ThreadWait& wait : current_waits()) {
    if (wait.thread == std::this_thread::get_id()) return wait;
  }
  return std::nullopt;
}

TEST(Waits, AreListedWhileTheyLastTheInnermostFirst) {
  EXPECT_FALSE(own_wait());
  {
    const Wait outer("submitting a batch to", "cuda");
    EXPECT_EQ(own_wait()->what, "submitting a batch to");
    EXPECT_EQ(own_wait()->object, "cuda");
    {
      const Wait inner("reading");
      EXPECT_EQ(own_wait()->what, "reading");
      EXPECT_GE(own_wait()->seconds, 0);
    }
    EXPECT_EQ(own_wait()->what, "submitting a batch to");
  }
  EXPECT_FALSE(own_wait());
}

TEST(Waits, OfManyThreadsComeAndGoAtOnce) {
  const std::size_t before = current_waits().size();
  std::latch listed(1);
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < 4; ++i) {
      threads.emplace_back([&listed, i] {
        name_thread("tester", i);
        for (int k = 0; k < 2000; ++k) const Wait wait("counting");
        const Wait wait("waiting for the test");
        listed.wait();
      });
    }
    EXPECT_TRUE(wait_until([] { return described("testers 0 to 3: waiting for the test (0 s)"); }));
    listed.count_down();
  }
  EXPECT_EQ(current_waits().size(), before);
}

TEST(Waits, AreDescribedByRole) {
  const std::vector<ThreadWait> waits{
      {.role = "main thread",
       .number = {},
       .what = "waiting for room",
       .object = "",
       .seconds = 61.9},
      {.role = "loader worker", .number = 4, .what = "reading", .object = "/b.jpg", .seconds = 60},
      {.role = "loader worker", .number = 0, .what = "reading", .object = "/a.jpg", .seconds = 59},
      {.role = "loader worker", .number = 2, .what = "decoding", .object = "/c.jpg", .seconds = 58},
      {.role = "loader worker", .number = 3, .what = "reading", .object = "/d.jpg", .seconds = 57},
      {.role = "another thread", .number = {}, .what = "waiting", .object = "", .seconds = 2},
      {.role = "another thread", .number = {}, .what = "waiting", .object = "", .seconds = 1},
  };
  EXPECT_EQ(describe(waits),
            "main thread: waiting for room (61 s); "
            "loader workers 0, 3 to 4: reading /b.jpg and others (60 s); "
            "loader worker 2: decoding /c.jpg (58 s); "
            "another thread: waiting (2 s); another thread: waiting (1 s)");
  EXPECT_EQ(describe({}), "");
}

TEST(Waits, OfAQueueHaveItsNameOnBothSides) {
  BoundedQueue<int> full(1, "the full one");
  full.push(1);
  BoundedQueue<int> empty(1, "the empty one");
  std::jthread producer([&] { EXPECT_FALSE(full.push(2)); });
  std::jthread consumer([&] { EXPECT_FALSE(empty.pop()); });
  EXPECT_TRUE(wait_until([] { return described("waiting for room in the full one"); }));
  EXPECT_TRUE(wait_until([] { return described("waiting for a value of the empty one"); }));
  full.abandon();
  empty.close();
}

/// One item that is not read before the test says so.
class SlowItem : public ItemSource {
 public:
  [[nodiscard]] std::size_t size() const override { return 1; }
  [[nodiscard]] const ItemShape& shape() const override { return shape_; }
  [[nodiscard]] std::int64_t label(std::size_t) const override { return 0; }
  ReadSeconds read(std::size_t, ItemBytes) const override {
    const Wait wait("reading", "the item");
    readable.wait();
    return {};
  }
  mutable std::latch readable{1};

 private:
  ItemShape shape_{{{1}, Element::uint8}};
};

TEST(Waits, OfALoaderSayWhoWaitsForWhom) {
  const SlowItem source;
  Loader loader(source, {.batch_size = 1, .workers = 2});
  const auto before = last_progress();
  std::jthread consumer([&] {
    name_thread("consumer");
    EXPECT_TRUE(loader.next());
  });
  EXPECT_TRUE(wait_until([] {
    return described("consumer: waiting for the next batch of the loader") &&
           described(": reading the item") &&
           described(": waiting for room in the loader's buffers");
  })) << describe(current_waits());
  EXPECT_EQ(last_progress(), before);
  source.readable.count_down();
  consumer.join();
  EXPECT_GT(last_progress(), before);
}

TEST(Progress, IsWhatGoesThroughAQueueOrALoop) {
  BoundedQueue<int> queue(1);
  const auto start = last_progress();
  queue.push(1);
  const auto pushed = last_progress();
  EXPECT_GT(pushed, start);
  (void)queue.pop();
  const auto popped = last_progress();
  EXPECT_GT(popped, pushed);
  in_parallel(3, 2, [](std::size_t) {});
  EXPECT_GT(last_progress(), popped);
}

}  // namespace
}  // namespace model_search
