// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/grid/deal.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <random>
#include <set>

namespace model_search {
namespace {

/// A grid of up to 300 rows of up to 40 networks, whose lengths are equal, alike or of several
/// orders of magnitude.
std::vector<RowCost> random_grid(std::mt19937_64& random) {
  const auto below = [&](std::size_t end) {
    return std::uniform_int_distribution<std::size_t>(0, end - 1)(random);
  };
  const std::size_t groups = 1 + below(40);
  const double spread = std::array{0.0, 0.5, 2.0}.at(below(3));
  std::lognormal_distribution<double> seconds(0, spread);
  std::vector<RowCost> rows(1 + below(300));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i] = {"row " + std::to_string(i), "network " + std::to_string(below(groups)),
               seconds(random)};
  }
  return rows;
}

std::vector<double> loads_of(const std::vector<RowCost>& rows,
                             const std::vector<std::size_t>& shards, std::size_t count) {
  std::vector<double> loads(count);
  for (std::size_t i = 0; i < rows.size(); ++i) loads.at(shards[i]) += rows[i].seconds;
  return loads;
}

/// What the longest of `count` shards takes in any deal. Of the longest k * count + 1 rows, one
/// shard has at least k + 1, which take at least as long as the k + 1 shortest of them.
double least_possible(const std::vector<RowCost>& rows, std::size_t count) {
  std::vector<double> seconds;
  double total = 0;
  for (const RowCost& row : rows) {
    seconds.push_back(row.seconds);
    total += row.seconds;
  }
  std::sort(seconds.begin(), seconds.end(), std::greater());
  double bound = total / static_cast<double>(count);
  for (std::size_t k = 0; k * count < seconds.size(); ++k) {
    double sum = 0;
    for (std::size_t i = 0; i <= k; ++i) sum += seconds[k * count - i];
    bound = std::max(bound, sum);
  }
  return bound;
}

TEST(Deal, IsWithinAThirdOfTheBestPossible) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 1000; ++round) {
    const std::vector<RowCost> rows = random_grid(random);
    const std::size_t count = std::uniform_int_distribution<std::size_t>(1, 64)(random);
    const std::vector<std::size_t> shards = deal(rows, count);
    // Every row has one shard, so that shards are disjoint and their union is the grid.
    ASSERT_EQ(shards.size(), rows.size());
    const std::vector<double> loads = loads_of(rows, shards, count);
    ASSERT_LE(*std::max_element(loads.begin(), loads.end()), 1.34 * least_possible(rows, count))
        << rows.size() << " rows, " << count << " shards, round " << round;
  }
}

TEST(Deal, DoesNotDependOnTheOrderOfRows) {
  std::mt19937_64 random(2);
  for (int round = 0; round < 50; ++round) {
    std::vector<RowCost> rows = random_grid(random);
    std::map<std::string, std::size_t> before;
    const std::vector<std::size_t> first = deal(rows, 7);
    for (std::size_t i = 0; i < rows.size(); ++i) before[rows[i].name] = first[i];
    std::shuffle(rows.begin(), rows.end(), random);
    const std::vector<std::size_t> second = deal(rows, 7);
    for (std::size_t i = 0; i < rows.size(); ++i) ASSERT_EQ(second[i], before[rows[i].name]);
  }
}

std::map<std::string, std::set<std::size_t>> shards_by_group(const std::vector<RowCost>& rows,
                                                             std::size_t count) {
  std::map<std::string, std::set<std::size_t>> found;
  const std::vector<std::size_t> shards = deal(rows, count);
  for (std::size_t i = 0; i < rows.size(); ++i) found[rows[i].group].insert(shards[i]);
  return found;
}

TEST(Deal, KeepsNetworksTogetherThatFitAShard) {
  std::vector<RowCost> rows;
  for (int network = 0; network < 16; ++network) {
    for (int i = 0; i < 5; ++i) {
      rows.push_back({"row " + std::to_string(5 * network + i),
                      "network " + std::to_string(network), 1.0 + network % 3});
    }
  }
  for (const auto& [group, shards] : shards_by_group(rows, 4)) {
    EXPECT_EQ(shards.size(), 1U) << group;
  }
}

TEST(Deal, SplitsANetworkThatIsLongerThanAShard) {
  std::vector<RowCost> rows;
  for (int i = 0; i < 24; ++i) {
    rows.push_back(
        {"row " + std::string(1, static_cast<char>('a' + i)), i < 18 ? "large" : "small", 1});
  }
  const auto found = shards_by_group(rows, 4);
  EXPECT_EQ(found.at("large").size(), 3U);
  EXPECT_EQ(found.at("small").size(), 1U);
}

TEST(Deal, LeavesShardsWithoutRowsWhereThereAreMoreShards) {
  const std::vector<std::size_t> shards = deal({{"a", "x", 1}, {"b", "x", 1}}, 5);
  EXPECT_EQ(std::set<std::size_t>(shards.begin(), shards.end()).size(), 2U);
  EXPECT_TRUE(deal({}, 3).empty());
}

}  // namespace
}  // namespace model_search
