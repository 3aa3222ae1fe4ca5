// SPDX-License-Identifier: Apache-2.0
#include "datasets/loading/item_source.h"

#include <stdexcept>
#include <string>

namespace model_search {
std::size_t bytes_of(const ItemShape& shape) {
  std::size_t sum = 0;
  for (const TensorShape& tensor : shape) sum += tensor.bytes();
  return sum;
}

std::vector<std::span<std::byte>> narrow_items(const ItemShape& shape, ItemBytes all,
                                               std::size_t first, std::size_t count) {
  std::vector<std::span<std::byte>> parts;
  parts.reserve(shape.size());
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const std::size_t bytes = shape[i].bytes();
    parts.push_back(all[i].subspan(first * bytes, count * bytes));
  }
  return parts;
}

ReadSeconds& ReadSeconds::operator+=(const ReadSeconds& other) {
  storage += other.storage;
  decode += other.decode;
  preprocess += other.preprocess;
  return *this;
}

ItemContent ItemSource::content() const {
  switch (shape().front().element) {
    case Element::uint8:
      return ItemContent::pixels;
    case Element::int32:
      return ItemContent::tokens;
    default:
      return ItemContent::values;
  }
}

ReadSeconds ItemSource::read_many(std::size_t first, std::size_t count, ItemBytes out) const {
  check_item_bytes(shape(), out, count);
  ReadSeconds seconds;
  std::vector<std::span<std::byte>> item(out.begin(), out.end());
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t part = 0; part < item.size(); ++part) {
      const std::size_t bytes = out[part].size() / count;
      item[part] = out[part].subspan(i * bytes, bytes);
    }
    seconds += read(first + i, item);
  }
  return seconds;
}

void check_item_bytes(const ItemShape& shape, ItemBytes out, std::size_t count) {
  bool fits = out.size() == shape.size();
  for (std::size_t i = 0; fits && i < shape.size(); ++i) {
    fits = out[i].size() == count * shape[i].bytes();
  }
  if (fits) return;
  std::string message = count == 1 ? "an item takes" : std::to_string(count) + " items take";
  for (const TensorShape& tensor : shape) message += " " + std::to_string(count * tensor.bytes());
  message += " bytes, but the output has";
  for (const auto& part : out) message += " " + std::to_string(part.size());
  throw std::invalid_argument(message);
}

}  // namespace model_search
