// SPDX-License-Identifier: Apache-2.0
#include "datasets/files/tensor_shape.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace model_search {
namespace {

TEST(TensorShape, CountsElementsAndBytes) {
  const TensorShape shape{{3, 224, 224}, Element::float32};
  EXPECT_EQ(shape.elements(), 150528U);
  EXPECT_EQ(shape.bytes(), 602112U);
}

TEST(TensorShape, OfNoDimensionsIsOneElement) {
  EXPECT_EQ((TensorShape{{}, Element::boolean}.bytes()), 1U);
}

TEST(TensorShape, OfShortElementsTakesFewerBytes) {
  EXPECT_EQ((TensorShape{{3, 224, 224}, Element::float16}.bytes()), 301056U);
  EXPECT_EQ((TensorShape{{3, 224, 224}, Element::bfloat16}.bytes()), 301056U);
  EXPECT_EQ((TensorShape{{224, 224, 3}, Element::uint8}.bytes()), 150528U);
}

TEST(Element, NamesAreFoundAgain) {
  for (const Element element : {Element::float32, Element::int32, Element::boolean,
                                Element::float16, Element::bfloat16, Element::uint8}) {
    EXPECT_EQ(find_element(name_of(element)), element);
  }
  EXPECT_THROW((void)find_element("float31"), std::runtime_error);
}

}  // namespace
}  // namespace model_search
