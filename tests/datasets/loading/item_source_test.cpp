// SPDX-License-Identifier: Apache-2.0
#include "datasets/loading/item_source.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <stdexcept>

#include "tests/datasets/error_message.h"

namespace model_search {
namespace {

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

TEST(ItemShape, RefusesOutputsOfAnotherNumberOfItems) {
  const ItemShape shape{{{2}, Element::int32}, {{3}, Element::boolean}};
  std::vector<std::byte> out(33);
  const std::span<std::byte> all(out);
  EXPECT_NO_THROW(check_item_bytes(shape, std::array{all.first(24), all.last(9)}, 3));
  EXPECT_EQ(message_of<std::invalid_argument>([&] {
              check_item_bytes(shape, std::array{all.first(8), all.last(3)}, 3);
            }),
            "3 items take 24 9 bytes, but the output has 8 3");
}

TEST(ItemShape, NarrowsEveryTensor) {
  const ItemShape shape{{{2}, Element::int32}, {{3}, Element::boolean}};
  std::vector<std::byte> out(44);
  const std::span<std::byte> all(out);
  const auto parts = narrow_items(shape, std::array{all.first(32), all.last(12)}, 1, 2);
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[0].data(), out.data() + 8);
  EXPECT_EQ(parts[0].size(), 16U);
  EXPECT_EQ(parts[1].data(), out.data() + 32 + 3);
  EXPECT_EQ(parts[1].size(), 6U);
}

/// Item i is the bytes i, i and i + 100; the second stands alone. Item 5 cannot be read.
class Bytes : public ItemSource {
 public:
  [[nodiscard]] std::size_t size() const override { return 6; }
  [[nodiscard]] const ItemShape& shape() const override { return shape_; }
  [[nodiscard]] std::int64_t label(std::size_t) const override { return 0; }
  ReadSeconds read(std::size_t index, ItemBytes out) const override {
    check_item_bytes(shape_, out);
    if (index == 5) throw std::runtime_error("cannot read item 5");
    std::fill(out[0].begin(), out[0].end(), static_cast<std::byte>(index));
    out[1][0] = static_cast<std::byte>(100 + index);
    return {1, 2, 4};
  }

 private:
  ItemShape shape_{{{2}, Element::boolean}, {{1}, Element::boolean}};
};

TEST(ItemSource, ReadsManyOneByOne) {
  const Bytes source;
  EXPECT_EQ(source.items_per_read(), 1U);
  std::array<std::uint8_t, 9> out{};
  const std::span<std::byte> all = std::as_writable_bytes(std::span(out));
  const std::array<std::span<std::byte>, 2> parts{all.first(6), all.last(3)};
  const ReadSeconds seconds = source.read_many(2, 3, parts);
  EXPECT_EQ(out, (std::array<std::uint8_t, 9>{2, 2, 3, 3, 4, 4, 102, 103, 104}));
  EXPECT_EQ(seconds.storage, 3);
  EXPECT_EQ(seconds.decode, 6);
  EXPECT_EQ(seconds.preprocess, 12);
  EXPECT_THROW(source.read_many(2, 2, parts), std::invalid_argument);
  EXPECT_EQ(message_of<std::runtime_error>([&] { source.read_many(3, 3, parts); }),
            "cannot read item 5");
}

}  // namespace
}  // namespace model_search
