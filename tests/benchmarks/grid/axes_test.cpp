// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/grid/axes.h"

#include <gtest/gtest.h>

#include <set>

namespace model_search {
namespace {

TEST(Axes, HaveFlagsAndKeysOfTheirOwn) {
  std::set<std::string_view> flags;
  std::set<std::string_view> keys;
  for (const Axis& axis : axes().all()) {
    EXPECT_TRUE(keys.insert(axis.key).second) << axis.key;
    if (!axis.flag.empty()) {
      EXPECT_TRUE(flags.insert(axis.flag).second) << axis.flag;
    }
    EXPECT_FALSE(axis.help.empty()) << axis.flag;
  }
}

TEST(Axes, HaveADefaultOrARuleInWords) {
  for (const Axis& axis : axes().all()) {
    EXPECT_EQ(axis.rule != nullptr, axis.standard.empty()) << axis.key;
    EXPECT_EQ(axis.rule != nullptr, !axis.rule_text.empty()) << axis.key;
    // A name that leaves a value out must leave out the one that is the default.
    if (axis.shown == Shown::unless_default) {
      EXPECT_FALSE(axis.standard.empty()) << axis.key;
    }
  }
}

TEST(Axes, ReadTheirOwnDefaults) {
  for (const Axis& axis : axes().all()) {
    if (axis.standard.empty()) continue;
    EXPECT_EQ(axis.read(joined(axis.standard)), axis.standard) << axis.key;
  }
}

TEST(Axes, SayWhatIsWrongWithAValue) {
  const auto message = [](const Axis& axis, const char* text) -> std::string {
    try {
      (void)axis.read(text);
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(message(axes().layout, "nhwc"),
            "--layouts=nhwc: nhwc not in {contiguous,channels_last}");
  EXPECT_EQ(message(axes().workers, "0"), "--workers=0: '0' must be at least 1");
  EXPECT_EQ(message(axes().threads, "2,100000"),
            "--threads=2,100000: '100000' must be at most 4096");
  EXPECT_EQ(message(axes().classes, "1"), "--classes=1: '1' must be 0 or at least 2");
  EXPECT_EQ(message(axes().classes, "0,2"), "");
  EXPECT_EQ(message(axes().features, "network,9469x2048"), "");
  EXPECT_EQ(message(axes().features, "2048"),
            "--feature_sizes=2048: '2048' is not a size of features: items x values, as 9469x2048, "
            "or network");
  EXPECT_EQ(message(axes().batch, "8,eight"),
            "--batch_sizes=8,eight: 'eight' is not a whole number");
  for (const char* text : {"0x10", "+5", " 4", "99999999999999999999", "1,,2", "1.5"}) {
    EXPECT_NE(message(axes().batch, text), "") << text;
  }
  EXPECT_EQ(axes().batch.read("010"), (Values{std::int64_t{10}}));
  for (const char* text : {"0", "-1GB", "1GB,2GB", "24 GB", "nan", "1e999GB", ""}) {
    EXPECT_NE(message(axes().memory_limit, text), "") << text;
  }
  EXPECT_NE(message(axes().memory_limit, "much").find("--memory_limit=much"), std::string::npos);
}

TEST(Combination, NamesAndIdentitiesLeaveDefaultsOut) {
  Combination row;
  row.step = Step::inference;
  row.subject = "resnet18";
  row.configuration = "full";
  row.device = "cuda";
  row.values[&axes().precision] = "bf16";
  row.values[&axes().layout] = "contiguous";
  row.batch = 8;
  EXPECT_EQ(row.name(), "Inference/resnet18/full/cuda/precision=bf16/batch:8/manual_time");
  EXPECT_EQ(row.identity(affects_features), "precision=bf16");
  EXPECT_EQ(row.identity(affects_memory), "precision=bf16");
  EXPECT_EQ(row.word(axes().execution), "eager");
  EXPECT_THROW((void)row.number(axes().workers), std::logic_error);
}

}  // namespace
}  // namespace model_search
