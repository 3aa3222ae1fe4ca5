// SPDX-License-Identifier: Apache-2.0
#include "datasets/item_source.h"

#include <gtest/gtest.h>

namespace model_search {
namespace {

TEST(ItemShape, CountsElementsAndBytes) {
  const ItemShape shape{{3, 224, 224}, 4};
  EXPECT_EQ(shape.elements(), 150528U);
  EXPECT_EQ(shape.bytes(), 602112U);
}

TEST(ItemShape, OfNoDimensionsIsOneElement) {
  EXPECT_EQ((ItemShape{{}, 2}.bytes()), 2U);
}

}  // namespace
}  // namespace model_search
