// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/results/row_names.h"

#include <gtest/gtest.h>

namespace model_search {
namespace {

TEST(RowNames, LeaveOutWhatAllRowsShare) {
  const std::string load = "LoadData/images/cpu/decoder=stb/workers=2/batch:8/manual_time";
  const std::string serial =
      "EndToEnd/resnet18/full/cpu/decoder=stb/mode=serial/workers=2/batch:8/manual_time";
  const std::string overlapped =
      "EndToEnd/resnet18/full/cpu/decoder=stb/mode=overlapped/workers=1/batch:8/manual_time";
  const RowNames names({load, serial, overlapped});
  EXPECT_EQ(names.shared(), "decoder=stb");
  EXPECT_EQ(names.shorten(load), "LoadData/images/cpu/workers=2/batch:8");
  EXPECT_EQ(names.shorten(overlapped),
            "EndToEnd/resnet18/full/cpu/mode=overlapped/workers=1/batch:8");
  EXPECT_EQ(names.shorten(load + "_median"), "LoadData/images/cpu/workers=2/batch:8_median");
}

TEST(RowNames, OfOneRowAreShortToo) {
  const std::string name = "EndToEnd/a/full/cpu/mode=serial/workers=2/batch:8/manual_time";
  const RowNames names({name});
  EXPECT_EQ(names.shared(), "mode=serial, workers=2");
  EXPECT_EQ(names.shorten(name), "EndToEnd/a/full/cpu/batch:8");
  EXPECT_EQ(RowNames().shorten(name), "EndToEnd/a/full/cpu/mode=serial/workers=2/batch:8");
}

}  // namespace
}  // namespace model_search
