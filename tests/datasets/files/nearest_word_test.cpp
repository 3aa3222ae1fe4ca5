// SPDX-License-Identifier: Apache-2.0
#include "datasets/files/nearest_word.h"

#include <gtest/gtest.h>

namespace model_search {
namespace {

TEST(NearestWord, CountsInsertedDeletedReplacedAndSwappedLetters) {
  EXPECT_EQ(edit_distance("resnet50", "resnet50"), 0U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("abc", ""), 3U);
  EXPECT_EQ(edit_distance("architecture", "architectures"), 1U);
  EXPECT_EQ(edit_distance("batch-sizes", "batch_sizes"), 1U);
  EXPECT_EQ(edit_distance("benchmark_fliter", "benchmark_filter"), 1U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
  EXPECT_EQ(edit_distance("INFERENCE", "Inference"), 0U);
}

TEST(NearestWord, IsTheNearestOneOrNone) {
  const std::vector<std::string> known{"resnet18", "resnet34", "resnet50", "vit_b_16"};
  EXPECT_EQ(nearest_word("resnet_50", known), "resnet50");
  EXPECT_EQ(nearest_word("vitb16", known), "vit_b_16");
  EXPECT_EQ(nearest_word("mixer", known), "");
  EXPECT_EQ(nearest_word("ab", {"cd"}), "");
  EXPECT_EQ(nearest_word(std::string(1000000, 'x'), known), "");
}

TEST(NearestWord, EndsAMessage) {
  EXPECT_EQ(did_you_mean("stpes", {"steps"}, "--"), "; did you mean '--steps'?");
  EXPECT_EQ(did_you_mean("xyz", {"steps"}), "");
}

}  // namespace
}  // namespace model_search
