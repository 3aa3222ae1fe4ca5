// SPDX-License-Identifier: Apache-2.0
#include "datasets/loading/damaged_file.h"

#include <gtest/gtest.h>

#include <atomic>

namespace model_search {
namespace {

TEST(DamagedFile, FindsAllInOrderAndReadsEachOnce) {
  std::atomic<int> reads = 0;
  const std::vector<Damage> found = find_damage(100, 4, [&](std::size_t index) {
    ++reads;
    if (index % 30 == 7) throw DamagedFile("x", "cannot decode 'x': bad", "bad");
  });
  EXPECT_EQ(reads, 100);
  std::vector<std::size_t> indices;
  for (const Damage& damage : found) indices.push_back(damage.index);
  EXPECT_EQ(indices, (std::vector<std::size_t>{7, 37, 67, 97}));
  EXPECT_EQ(found.front().reason, "bad");
}

TEST(DamagedFile, HandsOnOtherErrors) {
  EXPECT_THROW((void)find_damage(9, 2, [](std::size_t) { throw std::runtime_error("another"); }),
               std::runtime_error);
}

}  // namespace
}  // namespace model_search
