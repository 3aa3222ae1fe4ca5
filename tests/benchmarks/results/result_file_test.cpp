// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/results/result_file.h"

#include <gtest/gtest.h>

namespace model_search {
namespace {

TEST(ResultFile, FilesNextToItShareItsName) {
  EXPECT_EQ(next_to_results("out/grid.json", ".processes"), "out/grid.processes");
  EXPECT_EQ(next_to_results("grid", ".samples.jsonl"), "grid.samples.jsonl");
  // Two runs whose names differ after the last dot only.
  EXPECT_EQ(next_to_results("run.1", ".processes"), "run.1.processes");
  EXPECT_EQ(next_to_results("run.2", ".processes"), "run.2.processes");
}

}  // namespace
}  // namespace model_search
