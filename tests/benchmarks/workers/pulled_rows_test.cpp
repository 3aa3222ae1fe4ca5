// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/workers/pulled_rows.h"

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "tests/benchmarks/workers/memory_keys.h"
#include "tests/datasets/wait_until.h"

namespace model_search {
namespace {

/// A store that may cease to answer: calls then wait until their worker gives up.
struct QuietStore {
  void answer() {
    std::unique_lock lock(mutex);
    ++waiting;
    changed.wait(lock, [this] { return !quiet || given_up; });
    --waiting;
    if (given_up) throw StoreError("the store in memory is given up");
  }
  void set(bool QuietStore::*flag) {
    const std::lock_guard lock(mutex);
    this->*flag = true;
    changed.notify_all();
  }
  bool has_waiting() {
    const std::lock_guard lock(mutex);
    return waiting > 0;
  }

  MemoryKeys keys;
  std::mutex mutex;
  std::condition_variable changed;
  bool quiet = false;
  bool given_up = false;
  int waiting = 0;
};

/// What one worker has of it.
class QuietKeys : public SharedKeys {
 public:
  explicit QuietKeys(std::shared_ptr<QuietStore> store) : store_(std::move(store)) {}
  std::vector<std::string> read(const std::vector<std::string>& keys) override {
    store_->answer();
    return store_->keys.read(keys);
  }
  std::string replace(const std::string& key, const std::string& expected,
                      const std::string& desired) override {
    store_->answer();
    return store_->keys.replace(key, expected, desired);
  }
  std::int64_t add(const std::string& key, std::int64_t number) override {
    store_->answer();
    return store_->keys.add(key, number);
  }
  void give_up() override { store_->set(&QuietStore::given_up); }

 private:
  const std::shared_ptr<QuietStore> store_;
};

/// A worker of a grid of one row.
std::unique_ptr<PulledRows> joined_worker(const std::shared_ptr<QuietStore>& store, bool hosts,
                                          double silence) {
  Combination row;
  row.subject = "resnet18";
  row.input = "images";
  row.configuration = "last_1";
  row.device = "cpu";
  return std::make_unique<PulledRows>(std::make_unique<QuietKeys>(store), std::nullopt, hosts,
                                      Combinations{row},
                                      std::vector<RowCost>{{row.name(), "resnet18", 1}}, silence);
}

bool goes_on() {
  return false;
}

TEST(PulledRows, AnAbandonedRowGoesToOthersAtOnce) {
  const auto store = std::make_shared<QuietStore>();
  const auto first = joined_worker(store, /*hosts=*/false, 60);
  const auto second = joined_worker(store, /*hosts=*/false, 60);
  ASSERT_TRUE(first->next(goes_on));
  first->abandon();
  EXPECT_TRUE(second->next(goes_on));
}

TEST(PulledRows, OneThatIsAbandonedDoesNotWaitForASilentStore) {
  const auto store = std::make_shared<QuietStore>();
  auto worker = joined_worker(store, /*hosts=*/false, 0.06);
  ASSERT_TRUE(worker->next(goes_on));
  store->set(&QuietStore::quiet);
  ASSERT_TRUE(wait_until([&] { return store->has_waiting(); }));  // a sign of life
  worker->abandon();
  worker.reset();
  // Its thread ends after it, with what the thread used.
  EXPECT_TRUE(wait_until([&] { return store.use_count() == 1; }));
}

TEST(PulledRows, TheHostLivesUntilLateWorkersHaveLeft) {
  const auto store = std::make_shared<QuietStore>();
  const auto host = joined_worker(store, /*hosts=*/true, 60);
  ASSERT_TRUE(host->next(goes_on));
  host->finish();
  ASSERT_FALSE(host->next(goes_on));
  Presence late(store->keys, 60, [] { return 0.0; });
  std::jthread leaving([&] { host->leave(2); });
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_GE(late.beats(host->worker()), 0);
  late.join();
  late.leave();
  leaving.join();
  EXPECT_LT(late.beats(host->worker()), 0);
}

}  // namespace
}  // namespace model_search
