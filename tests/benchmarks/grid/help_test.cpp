// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/grid/help.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

namespace model_search {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

TEST(Help, FitsAScreen) {
  const std::vector<std::string> lines = lines_of(short_help());
  EXPECT_LT(lines.size(), 60U);
  for (const std::string& line : lines) EXPECT_LE(line.size(), 100U) << line;
}

TEST(Help, AsksFourQuestionsAndHasThreeExamples) {
  const std::string text = short_help();
  std::size_t place = 0;
  for (const char* title : {"\nWhat to search\n", "\nWith what settings", "\nHow to measure\n",
                            "\nWhere results go\n", "\nExamples\n", "\nOther commands"}) {
    const std::size_t found = text.find(title);
    ASSERT_NE(found, std::string::npos) << title;
    EXPECT_GT(found, place) << title;
    place = found;
  }
  const auto lines = lines_of(text);
  EXPECT_EQ(std::ranges::count_if(
                lines, [](const std::string& line) { return line.starts_with("  model_search"); }),
            3);
}

TEST(Help, ShowsTheDefaultsOfTheTables) {
  const std::string text = short_help();
  for (const char* part : {"--batches=N ", "[50]", "--plans=LIST ", "[shared]", "[torch]",
                           "[serial,prefetch,overlapped]", "--time_budget=SECONDS ", "[60]"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part;
  }
}

}  // namespace
}  // namespace model_search
