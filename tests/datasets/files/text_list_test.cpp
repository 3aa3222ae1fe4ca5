// SPDX-License-Identifier: Apache-2.0
#include "datasets/files/text_list.h"

#include <gtest/gtest.h>

namespace model_search {
namespace {

TEST(TextList, ListsTenAndCountsTheRest) {
  EXPECT_EQ(first_ten({"a", "b"}), "a, b");
  EXPECT_EQ(first_ten(std::vector<std::string>(12, "x")),
            "x, x, x, x, x, x, x, x, x, x and 2 more");
}

}  // namespace
}  // namespace model_search
