// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace model_search {

/// What a tensor's elements are. Their names stand in an activation cache's manifest too. float16
/// (IEEE 754's half precision) and bfloat16 are only stored here; devices compute with them.
enum class Element { float32, int32, boolean, float16, bfloat16, uint8 };
[[nodiscard]] std::size_t bytes_of(Element element);
[[nodiscard]] std::string_view name_of(Element element);
/// Throws std::runtime_error that lists the choices.
[[nodiscard]] Element find_element(std::string_view name);

/// One tensor of an item as it lies in a batch: its shape without the batch dimension.
struct TensorShape {
  std::vector<std::int64_t> dimensions;  ///< e.g. {3, 224, 224}
  Element element = Element::float32;
  [[nodiscard]] std::size_t elements() const;
  [[nodiscard]] std::size_t bytes() const { return elements() * bytes_of(element); }
  bool operator==(const TensorShape&) const = default;
};

}  // namespace model_search
