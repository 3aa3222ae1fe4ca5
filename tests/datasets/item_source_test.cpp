// SPDX-License-Identifier: Apache-2.0
#include "datasets/item_source.h"

#include <gtest/gtest.h>

#include <array>
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

TEST(ItemShape, AddsItsTensors) {
  const ItemShape shape{{{512, 768}, Element::float32}, {{512}, Element::boolean}};
  EXPECT_EQ(bytes_of(shape), 512U * 768 * 4 + 512);
}

TEST(ItemShape, RefusesOutputsOfAnotherShape) {
  const ItemShape shape{{{2}, Element::int32}, {{3}, Element::boolean}};
  std::vector<std::byte> out(11);
  const std::span<std::byte> all(out);
  EXPECT_NO_THROW(check_item_bytes(shape, std::array{all.first(8), all.last(3)}));
  EXPECT_THROW(check_item_bytes(shape, std::array{all.first(8), all.last(2)}),
               std::invalid_argument);
  EXPECT_THROW(check_item_bytes(shape, std::array{all}), std::invalid_argument);
}

TEST(Element, NamesAreFoundAgain) {
  for (const Element element : {Element::float32, Element::int32, Element::boolean}) {
    EXPECT_EQ(find_element(name_of(element)), element);
  }
  EXPECT_THROW((void)find_element("float31"), std::runtime_error);
}

}  // namespace
}  // namespace model_search
