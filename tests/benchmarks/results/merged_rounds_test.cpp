// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/results/merged_rounds.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace model_search {
namespace {

using Json = nlohmann::ordered_json;

Json row(const char* name, double seconds) {
  return {
      {"name", name}, {"real_time", 1000 * seconds}, {"time_unit", "ms"}, {"rate", 1 / seconds}};
}

Json failed(const char* name) {
  return {{"name", name}, {"error_occurred", true}, {"error_message", "out of memory"}};
}

Json document(const char* date, std::vector<Json> rows) {
  return {{"context", {{"date", date}}}, {"benchmarks", std::move(rows)}};
}

TEST(MergedRounds, TakesTheRowOfTheMedianProcessAndTheIntervalOverAll) {
  const Json merged = merge_rounds({document("first", {row("a", 2), row("b", 1)}),
                                    document("second", {row("a", 4), row("b", 1)}),
                                    document("third", {row("b", 1), row("a", 3)})});
  EXPECT_EQ(merged["context"]["date"], "first");
  EXPECT_EQ(merged["context"]["processes"], "3");
  ASSERT_EQ(merged["benchmarks"].size(), 2U);
  const Json& a = merged["benchmarks"][0];
  EXPECT_EQ(a["name"], "a");
  EXPECT_DOUBLE_EQ(a["rate"], 1.0 / 3);  // All of the row is that of one process.
  EXPECT_EQ(a["processes"], 3);
  EXPECT_DOUBLE_EQ(a["processes_min"], 2);
  EXPECT_DOUBLE_EQ(a["processes_max"], 4);
  // 4.3027 (Student, 2 degrees of freedom) * 1 / sqrt(3) / 3
  EXPECT_NEAR(a["ci95_processes_rel"].get<double>(), 0.82806, 1e-4);
  EXPECT_DOUBLE_EQ(merged["benchmarks"][1]["ci95_processes_rel"], 0);
}

TEST(MergedRounds, ComparesMeansSinceMediansOfBurstsSayLittle) {
  Json slow = row("a", 9);
  slow["p50"] = 1.0;
  Json fast = row("a", 1);
  fast["p50"] = 2.0;
  const Json merged = merge_rounds({document("", {slow}), document("", {fast})});
  EXPECT_DOUBLE_EQ(merged["benchmarks"][0]["p50"], 2);  // Of two, the faster.
  EXPECT_DOUBLE_EQ(merged["benchmarks"][0]["processes_max"], 9);
}

TEST(MergedRounds, CountsProcessesThatFailedAndKeepsRowsThatFailedEverywhere) {
  const Json merged = merge_rounds({document("", {failed("a"), failed("b")}),
                                    document("", {row("a", 1), failed("b")}), document("", {})});
  const Json& a = merged["benchmarks"][0];
  EXPECT_FALSE(a.contains("error_occurred"));
  EXPECT_EQ(a["processes"], 1);
  EXPECT_EQ(a["failed_processes"], 1);
  EXPECT_FALSE(a.contains("ci95_processes_rel"));
  EXPECT_EQ(merged["benchmarks"][1]["error_message"], "out of memory");
}

}  // namespace
}  // namespace model_search
