// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/results/conclusion.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace model_search {
namespace {

Combination search_row(const std::string& subject, const std::string& mode) {
  Combination row;
  row.step = Step::end_to_end;
  row.subject = subject;
  row.input = "images";
  row.configuration = "full";
  row.device = "cpu";
  row.batch = 8;
  row.values[&axes().mode] = mode;
  return row;
}

Outcome of(const Combination& row, double seconds, double load_data, double accuracy) {
  return {row.name(),
          "",
          seconds,
          {{"items", 250},
           {"extract_seconds", seconds - 1},
           {"load_data", load_data},
           {"score", 1},
           {"score_value", accuracy},
           {"accuracy", accuracy},
           {"loss", 1}}};
}

TEST(Conclusion, SaysWhatTheFastestRowsTookAndWhatTookMostOfIt) {
  const Combinations rows{search_row("resnet18", "serial"), search_row("resnet18", "prefetch"),
                          search_row("resnet50", "serial")};
  const Outcomes outcomes{of(rows[0], 9, 8, 0.5), of(rows[1], 4, 3, 0.5), of(rows[2], 6, 4, 0.6)};
  const std::string text = conclusion(outcomes, rows, false, "out.json");
  EXPECT_NE(text.find("EndToEnd (images on cpu): 2 candidates of 250 items in 10.0 s, the fastest "
                      "row of each; largest step load_data 70 %\n"),
            std::string::npos)
      << text;
  EXPECT_LT(text.find("EndToEnd"), text.find("  1. resnet50"));
  EXPECT_TRUE(text.ends_with("\nWhat to change: tools/report.py out.json -o report\n")) << text;
}

TEST(Conclusion, ATailIsNotTheFastestWay) {
  Combinations rows{search_row("resnet18", "serial"), search_row("resnet18", "serial")};
  rows[0].configuration = "last_1";
  const Outcomes outcomes{of(rows[0], 2, 1, 0.5), of(rows[1], 9, 8, 0.5)};
  const std::string text = conclusion(outcomes, rows, false, "");
  EXPECT_NE(text.find("1 candidate of 250 items in 9.00 s; largest"), std::string::npos) << text;
}

TEST(Conclusion, HasAtMostFifteenLines) {
  Combinations rows;
  Outcomes outcomes;
  for (int i = 0; i < 40; ++i) {
    rows.push_back(search_row("network" + std::to_string(i), "serial"));
    outcomes.push_back(of(rows.back(), 2, 1, i / 40.0));
  }
  for (const char* out : {"", "out.json"}) {
    const std::string text = conclusion(outcomes, rows, false, out);
    EXPECT_EQ(std::ranges::count(text, '\n'), 15) << text;
    EXPECT_NE(text.find("\n(more in the file of results"), std::string::npos) << text;
  }
}

TEST(Conclusion, IsEmptyWithoutSearches) {
  Combination row = search_row("resnet18", "serial");
  row.step = Step::inference;
  EXPECT_EQ(conclusion({of(row, 1, 1, 0)}, {row}, false, "out.json"), "");
}

}  // namespace
}  // namespace model_search
