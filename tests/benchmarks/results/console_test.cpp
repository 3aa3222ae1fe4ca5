// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/results/console.h"

#include <gtest/gtest.h>

#include <sstream>

#include "benchmarks/results/run_error.h"

namespace model_search {
namespace {

using ReportedRun = benchmark::BenchmarkReporter::Run;

ReportedRun run_named(const std::string& name, double milliseconds) {
  ReportedRun run;
  run.run_name.function_name = name;
  run.iterations = 1;
  run.time_unit = benchmark::kMillisecond;
  run.real_accumulated_time = milliseconds / 1000;
  run.counters["items_per_second"] = 64.25;
  run.counters["ci95_rel"] = 0.012;
  return run;
}

std::string printed(const std::vector<ReportedRun>& runs, bool color, const RowNames& names = {}) {
  std::ostringstream out;
  Console console(color, "summary\n", names);
  console.SetOutputStream(&out);
  console.SetErrorStream(&out);
  console.ReportRuns(runs);
  return out.str();
}

TEST(Console, ShowsTimeIntervalRateAndTheLargestStep) {
  ReportedRun run = run_named("EndToEnd/a/manual_time", 2000);
  run.counters["extract_seconds"] = 1.9;
  run.counters["load_data"] = 1.5;
  const std::string text = printed({run}, false);
  EXPECT_NE(text.find("EndToEnd/a  "), std::string::npos) << text;
  EXPECT_NE(text.find("2000 ms    1.2 %      64.2  load_data 75 %\n"), std::string::npos) << text;
  EXPECT_EQ(text.find("CPU"), std::string::npos) << text;
  EXPECT_EQ(text.find('\033'), std::string::npos) << text;
}

TEST(Console, FitsIn120Columns) {
  const std::string key = "/a_key_that_is_long=a_value_that_is_long";
  ReportedRun run =
      run_named("EndToEnd/resnet152/joint_last_50pct/cuda0/mode=serial/batch:1024", 123456);
  run.counters["extract_seconds"] = 1.9;
  run.counters["data_to_device"] = 1000;
  ReportedRun failed = run_named("Search/zoo", 1);
  set_error(failed, "why");
  const std::string text = printed({run, failed}, false);
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 120U) << line;
  EXPECT_NE(text.find("  failed: why\n"), std::string::npos) << text;
  // A name that is longer than the column has a line of its own.
  const std::string longer = printed({run_named("EndToEnd" + key + key, 1)}, false);
  EXPECT_NE(longer.find(key + key + "\n     "), std::string::npos) << longer;
}

TEST(Console, LongTimesAreInSeconds) {
  const std::string text = printed({run_named("a", 12345)}, false);
  EXPECT_NE(text.find("     12.3 s "), std::string::npos) << text;
}

TEST(Console, ColorsAndSharedPartsAreAddedWhereAskedFor) {
  const std::vector<ReportedRun> runs{run_named("A/workers=2/batch:1", 1),
                                      run_named("B/workers=2", 1)};
  const RowNames names({"A/workers=2/batch:1", "B/workers=2"});
  const std::string text = printed(runs, true, names);
  EXPECT_NE(text.find("workers=2\n"), std::string::npos) << text;
  EXPECT_NE(text.find("\033[32mA/batch:1\033[0m"), std::string::npos) << text;
}

}  // namespace
}  // namespace model_search
