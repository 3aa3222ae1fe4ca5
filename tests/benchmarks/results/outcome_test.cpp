// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/results/outcome.h"

#include <gtest/gtest.h>

namespace model_search {
namespace {

TEST(Outcome, ReadsRowsAsGoogleBenchmarkWritesThem) {
  Outcomes outcomes;
  add_outcomes(outcomes, R"(
    {"name": "A/repeats:2", "run_name": "A", "run_type": "iteration", "real_time": 20.0,
     "time_unit": "ms", "label": "heads=a,b", "accuracy": 0.5},
    {"name": "A_mean", "run_name": "A", "run_type": "aggregate", "real_time": 20.0},
    {"name": "B", "run_name": "B", "run_type": "iteration", "error_occurred": true},
    {"name": "C", "run_name": "C", "run_type": "iteration", "real_time": 3, "time_unit": "s",
     "max_batch_size": 1644.0})");
  ASSERT_EQ(outcomes.size(), 2U);
  EXPECT_EQ(outcomes[0].name, "A");
  EXPECT_DOUBLE_EQ(outcomes[0].seconds, 0.02);
  EXPECT_EQ(outcomes[0].label, "heads=a,b");
  EXPECT_EQ(outcomes[0].number("accuracy"), 0.5);
  EXPECT_EQ(outcomes[0].number("loss"), std::nullopt);
  EXPECT_EQ(largest_batches(outcomes), (std::map<std::string, std::int64_t>{{"C", 1644}}));
}

TEST(Outcome, TakesTheMedianWhereThereAreOnlyAggregates) {
  Outcomes outcomes;
  add_outcomes(outcomes, R"(
    {"name": "A_mean", "run_name": "A", "run_type": "aggregate", "aggregate_name": "mean",
     "real_time": 30.0, "max_batch_size": 8.0},
    {"name": "A_median", "run_name": "A", "run_type": "aggregate", "aggregate_name": "median",
     "real_time": 20.0, "max_batch_size": 7.0},
    {"name": "A_stddev", "run_name": "A", "run_type": "aggregate", "aggregate_name": "stddev",
     "real_time": 1.0, "max_batch_size": 0.0})");
  EXPECT_EQ(largest_batches(outcomes), (std::map<std::string, std::int64_t>{{"A", 7}}));
}

TEST(Outcome, LeavesOutWhatIsNotJson) {
  Outcomes outcomes;
  add_outcomes(outcomes, "{\"name\": ");
  EXPECT_TRUE(outcomes.empty());
}

}  // namespace
}  // namespace model_search
