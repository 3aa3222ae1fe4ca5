// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/workers/leases.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <thread>

#include "tests/benchmarks/workers/memory_keys.h"

namespace model_search {
namespace {

/// Two rows of each of three networks; those of "b" take longest in all, then "c".
std::vector<RowCost> small_grid() {
  return {{"0", "a", 1}, {"1", "b", 3}, {"2", "c", 2}, {"3", "a", 1}, {"4", "b", 5}, {"5", "c", 2}};
}

/// Workers of one store, which share a clock that the test moves.
class LeasesTest : public testing::Test {
 protected:
  struct Worker {
    Presence presence;
    std::unique_ptr<Leases> leases;

    std::size_t takes() { return leases->take().row.value(); }
  };

  /// Dead after 10 s of silence.
  Worker& worker(const std::vector<RowCost>& rows = small_grid()) {
    workers_.push_back(
        std::make_unique<Worker>(Worker{Presence(keys_, 10, [this] { return now_; }), nullptr}));
    Worker& worker = *workers_.back();
    worker.presence.join();
    worker.leases = std::make_unique<Leases>(keys_, worker.presence, rows);
    return worker;
  }

  MemoryKeys keys_;
  double now_ = 100;

 private:
  std::vector<std::unique_ptr<Worker>> workers_;
};

TEST_F(LeasesTest, OneWorkerTakesTheLongestGroupFirstAndStaysInIt) {
  Worker& one = worker();
  std::vector<std::size_t> order;
  for (Leases::Next next = one.leases->take(); next.row; next = one.leases->take()) {
    EXPECT_EQ(next.left, 6 - order.size());
    order.push_back(*next.row);
    EXPECT_TRUE(one.leases->finish(*next.row));
  }
  EXPECT_EQ(order, (std::vector<std::size_t>{1, 4, 2, 5, 0, 3}));
  EXPECT_EQ(one.leases->take().left, 0U);
}

TEST_F(LeasesTest, WorkersBeginGroupsOfTheirOwnAndHelpInTheLongestOneThen) {
  Worker& one = worker();
  Worker& two = worker();
  Worker& three = worker();
  Worker& four = worker();
  EXPECT_EQ(one.takes(), 1U);
  EXPECT_EQ(two.takes(), 2U);
  EXPECT_EQ(three.takes(), 0U);
  EXPECT_EQ(four.takes(), 4U);
  EXPECT_EQ(two.leases->take().workers, 4U);
}

TEST_F(LeasesTest, AHelperTakesTheLongestRow) {
  const std::vector<RowCost> rows{{"0", "a", 1}, {"1", "a", 2}, {"2", "a", 7}};
  EXPECT_EQ(worker(rows).takes(), 0U);
  EXPECT_EQ(worker(rows).takes(), 2U);
}

TEST_F(LeasesTest, EveryRowIsTakenOnceByThreadsThatRace) {
  std::vector<RowCost> rows;
  for (int i = 0; i < 300; ++i) {
    rows.push_back({std::to_string(i), "network " + std::to_string(i % 7), 1.0 + i % 3});
  }
  std::vector<std::atomic<int>> taken(rows.size());
  std::vector<Worker*> all;
  for (int i = 0; i < 4; ++i) all.push_back(&worker(rows));
  {
    std::vector<std::jthread> threads;
    for (Worker* each : all) {
      threads.emplace_back([each, &taken] {
        while (const auto row = each->leases->take().row) {
          ++taken[*row];
          EXPECT_TRUE(each->leases->finish(*row));
        }
      });
    }
  }
  EXPECT_TRUE(std::ranges::all_of(taken, [](const auto& count) { return count == 1; }));
}

TEST_F(LeasesTest, ASilentWorkersRowIsTakenBack) {
  const std::vector<RowCost> rows{{"0", "a", 1}};
  Worker& dead = worker(rows);
  Worker& other = worker(rows);
  EXPECT_EQ(dead.takes(), 0U);
  EXPECT_FALSE(other.leases->take().row);  // looked at for the first time
  now_ += 9;
  EXPECT_FALSE(other.leases->take().row);
  now_ += 2;
  const Leases::Next next = other.leases->take();
  EXPECT_EQ(next.row, 0U);
  EXPECT_EQ(next.taken_back_of, dead.presence.worker());
  // It was only slow to say so: both know that the row is there twice, or may be.
  EXPECT_FALSE(dead.leases->finish(0));
  EXPECT_FALSE(other.leases->finish(0));
  EXPECT_EQ(other.leases->take().left, 0U);
}

TEST_F(LeasesTest, ALongRowKeepsItsLeaseWhileItsWorkerGivesSigns) {
  const std::vector<RowCost> rows{{"0", "a", 1}};
  Worker& slow = worker(rows);
  Worker& other = worker(rows);
  EXPECT_EQ(slow.takes(), 0U);
  for (int i = 0; i < 100; ++i) {
    EXPECT_FALSE(other.leases->take().row) << now_;
    now_ += 9;
    slow.presence.beat();
  }
  EXPECT_TRUE(slow.leases->finish(0));
}

TEST_F(LeasesTest, ASilenceOfTheOneThatLooksIsNotThatOfOthers) {
  const std::vector<RowCost> rows{{"0", "a", 1}};
  Worker& busy = worker(rows);
  Worker& stopped = worker(rows);
  EXPECT_EQ(busy.takes(), 0U);
  EXPECT_FALSE(stopped.leases->take().row);
  now_ += 1000;  // as after SIGSTOP, while the other one went on
  busy.presence.beat();
  EXPECT_FALSE(stopped.leases->take().row);
}

TEST_F(LeasesTest, RowsOfAWorkerThatLeftAreFreeAtOnce) {
  const std::vector<RowCost> rows{{"0", "a", 1}, {"1", "a", 1}};
  Worker& one = worker(rows);
  Worker& two = worker(rows);
  EXPECT_EQ(one.takes(), 0U);
  one.leases->give_back(0);
  EXPECT_EQ(two.takes(), 0U);
  EXPECT_EQ(one.takes(), 1U);
  two.presence.leave();
  two.presence.beat();  // A sign of life that was on its way.
  EXPECT_EQ(one.takes(), 0U);
  two.leases->give_back(0);  // Too late to be its own.
  EXPECT_FALSE(one.leases->take().row);
  EXPECT_EQ(one.presence.others(), 0U);
}

TEST_F(LeasesTest, RowsOfAnEarlierRunAreDone) {
  Worker& one = worker();
  one.leases->note_done({0, 1, 2, 3, 5});
  EXPECT_EQ(worker().takes(), 4U);
  EXPECT_EQ(one.leases->take().left, 1U);
}

TEST_F(LeasesTest, AWorkerWithOtherRowsMakesNothingThatOthersRead) {
  (void)worker({{"0", "a", 1}});
  Worker& right = worker();
  for (int i = 0; i < 6; ++i) EXPECT_TRUE(right.leases->finish(right.takes()));
  EXPECT_EQ(right.leases->take().left, 0U);
}

TEST_F(LeasesTest, AWorkerComesBackUnderItsNumber) {
  Worker& one = worker();
  const std::size_t row = one.takes();
  Presence again(keys_, 10, [this] { return now_; });
  again.join(one.presence.worker());
  Leases leases(keys_, again, small_grid());
  EXPECT_TRUE(leases.finish(row));
  EXPECT_EQ(again.joined(), 1);
}

TEST_F(LeasesTest, ALostStoreIsAnError) {
  Worker& one = worker();
  keys_.lost = true;
  EXPECT_THROW((void)one.leases->take(), StoreError);
  EXPECT_THROW((void)one.leases->finish(0), StoreError);
}

}  // namespace
}  // namespace model_search
