// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/grid/shard.h"

#include <gtest/gtest.h>

#include <map>
#include <stdexcept>

namespace model_search {
namespace {

using Environment = std::map<std::string, std::string>;

Shard shard_in(const Environment& environment, const std::string& flag = "") {
  return choose_shard(flag, [&](const char* name) {
    const auto found = environment.find(name);
    return found == environment.end() ? nullptr : found->second.c_str();
  });
}

std::string refusal(const Environment& environment, const std::string& flag = "") {
  try {
    return "accepted: " + shard_in(environment, flag).text();
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
}

TEST(Shard, TheFlagNamesOne) {
  EXPECT_EQ(shard_in({}, "2/5").text(), "2/5");
  EXPECT_EQ(shard_in({}, "2/5").source, "--shard");
  for (const char* text : {"5/5", "-1/4", "1", "/4", "1/", "1/4/8", "a/b", "0/0", "1/4 ", "all"}) {
    EXPECT_TRUE(refusal({}, text).starts_with("--shard=" + std::string(text) + ": must be i/n"))
        << refusal({}, text);
  }
}

TEST(Shard, ReadsWhatASchedulerSays) {
  const std::map<std::string, Environment> environments{
      {"2/4", {{"SLURM_ARRAY_TASK_ID", "2"}, {"SLURM_ARRAY_TASK_COUNT", "4"}}},
      {"1/3",
       {{"SLURM_ARRAY_TASK_ID", "20"},
        {"SLURM_ARRAY_TASK_COUNT", "3"},
        {"SLURM_ARRAY_TASK_MIN", "10"},
        {"SLURM_ARRAY_TASK_MAX", "30"},
        {"SLURM_ARRAY_TASK_STEP", "10"}}},
      {"3/8", {{"SLURM_PROCID", "3"}, {"SLURM_NTASKS", "8"}}},
      {"1/6", {{"JOB_COMPLETION_INDEX", "1"}, {"JOB_COMPLETIONS", "6"}}},
      {"4/9", {{"OMPI_COMM_WORLD_RANK", "4"}, {"OMPI_COMM_WORLD_SIZE", "9"}}},
      {"5/10", {{"PMI_RANK", "5"}, {"PMI_SIZE", "10"}}},
      {"6/11", {{"RANK", "6"}, {"WORLD_SIZE", "11"}}},
  };
  for (const auto& [text, environment] : environments) {
    const Shard shard = shard_in(environment);
    EXPECT_EQ(shard.text(), text);
    for (const auto& [name, value] : environment) {
      if (name.find("_M") != std::string::npos || name.find("_STEP") != std::string::npos) continue;
      EXPECT_NE(shard.source.find(name + "=" + value), std::string::npos) << shard.source;
    }
    for (const char* off : {"none", "0/1"}) EXPECT_TRUE(shard_in(environment, off).whole());
    EXPECT_EQ(shard_in(environment, "7/9").text(), "7/9");
  }
  EXPECT_TRUE(shard_in({}).whole());
  EXPECT_EQ(shard_in({}).source, "");
}

TEST(Shard, OneProcessOfALauncherIsTheWholeGrid) {
  EXPECT_TRUE(shard_in({{"SLURM_PROCID", "0"}, {"SLURM_NTASKS", "1"}}).whole());
  EXPECT_TRUE(shard_in({{"RANK", "0"}, {"WORLD_SIZE", "1"}}).whole());
  EXPECT_TRUE(shard_in({{"RANK", "3"}}).whole());
  // A batch script runs once, whatever number of tasks it may start.
  EXPECT_TRUE(
      shard_in({{"SLURM_JOB_ID", "7"}, {"SLURM_PROCID", "0"}, {"SLURM_NTASKS", "4"}}).whole());
}

TEST(Shard, RanksOfAnArraysTasksAreShardsOfTheirOwn) {
  Environment environment{{"SLURM_JOB_ID", "7"},
                          {"SLURM_ARRAY_TASK_ID", "1"},
                          {"SLURM_ARRAY_TASK_COUNT", "3"},
                          {"SLURM_PROCID", "1"},
                          {"SLURM_NTASKS", "2"}};
  EXPECT_EQ(shard_in(environment).text(), "1/3");  // The batch script itself.
  environment["SLURM_STEP_ID"] = "0";
  EXPECT_EQ(shard_in(environment).text(), "3/6");
  // torchrun below srun: the ranks of torchrun.
  environment["RANK"] = "5";
  environment["WORLD_SIZE"] = "8";
  EXPECT_EQ(shard_in(environment).text(), "13/24");
}

TEST(Shard, RefusesVariablesThatNameNone) {
  const auto starts = [](const std::string& text, const std::string& start) {
    EXPECT_TRUE(text.starts_with(start)) << text;
    EXPECT_NE(text.find("--shard=none"), std::string::npos) << text;
  };
  starts(refusal({{"JOB_COMPLETION_INDEX", "1"}}), "JOB_COMPLETION_INDEX=1: set JOB_COMPLETIONS");
  starts(refusal({{"RANK", "8"}, {"WORLD_SIZE", "8"}}), "RANK=8, WORLD_SIZE=8: is out of range");
  starts(refusal({{"RANK", "x"}, {"WORLD_SIZE", "8"}}), "RANK=x: must be a whole number");
  // --array=1,3,7
  starts(refusal({{"SLURM_ARRAY_TASK_ID", "3"},
                  {"SLURM_ARRAY_TASK_COUNT", "3"},
                  {"SLURM_ARRAY_TASK_MIN", "1"},
                  {"SLURM_ARRAY_TASK_MAX", "7"}}),
         "SLURM_ARRAY_TASK_ID=3, SLURM_ARRAY_TASK_COUNT=3: the numbers");
  starts(refusal({{"JOB_COMPLETION_INDEX", "1"},
                  {"JOB_COMPLETIONS", "2"},
                  {"RANK", "1"},
                  {"WORLD_SIZE", "8"}}),
         "JOB_COMPLETION_INDEX=1, JOB_COMPLETIONS=2, RANK=1, WORLD_SIZE=8: ranks");
}

TEST(Shard, HasAFileOfItsOwn) {
  const Shard shard{1, 4, ""};
  EXPECT_EQ(path_of_shard("a/RESULTS.json", shard), "a/RESULTS.shard-1-of-4.json");
  EXPECT_EQ(path_of_shard("table.csv", shard), "table.shard-1-of-4.csv");
  EXPECT_EQ(path_of_shard("run.1", shard), "run.1.shard-1-of-4");
  EXPECT_EQ(path_of_shard("", shard), "");
  EXPECT_EQ(path_of_shard("RESULTS.json", Shard{}), "RESULTS.json");
  // What was named once stays, in a process that goes on in its place as well.
  for (const char* path : {"a/RESULTS.shard-1-of-4.json", "R.shard-1-of-4.processes/2.json"}) {
    EXPECT_EQ(path_of_shard(path, shard), path);
  }
  EXPECT_EQ(path_of_shard("R.shard-1-of-40.json", shard), "R.shard-1-of-40.shard-1-of-4.json");
}

TEST(Shard, AWorkerHasTheNumberOfItsProcess) {
  const Shard third = shard_in({{"RANK", "2"}, {"WORLD_SIZE", "4"}}, "auto");
  EXPECT_FALSE(third.whole());
  EXPECT_TRUE(third.later_rank());
  EXPECT_EQ(third.text(), "auto-2");
  EXPECT_EQ(third.source, "--shard=auto, RANK=2, WORLD_SIZE=4");
  EXPECT_EQ(path_of_shard("a/RESULTS.json", third), "a/RESULTS.shard-auto-2.json");
  // One that goes on with a file keeps its name.
  EXPECT_EQ(path_of_shard("R.shard-auto-n1-7.json", third), "R.shard-auto-n1-7.json");
  EXPECT_EQ(parts_of_worker_path("R.shard-auto-n1-7.json").worker, "n1-7");
  EXPECT_EQ(parts_of_worker_path("R.shard-auto-n1-7.samples.jsonl").after, ".samples.jsonl");
  EXPECT_EQ(parts_of_worker_path("R.shard-1-of-4.json").worker, "");
  const Shard alone = shard_in({}, "auto");
  EXPECT_FALSE(alone.whole());
  EXPECT_FALSE(alone.later_rank());
  EXPECT_EQ(alone.text(), "auto");
}

}  // namespace
}  // namespace model_search
