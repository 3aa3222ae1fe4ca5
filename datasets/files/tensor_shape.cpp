// SPDX-License-Identifier: Apache-2.0
#include "datasets/files/tensor_shape.h"

#include <array>
#include <stdexcept>
#include <string>

namespace model_search {
namespace {

struct ElementName {
  Element element;
  std::string_view name;
  std::size_t bytes;
};

constexpr std::array<ElementName, 6> elements{{
    {Element::float32, "float32", 4},
    {Element::int32, "int32", 4},
    {Element::boolean, "boolean", 1},
    {Element::float16, "float16", 2},
    {Element::bfloat16, "bfloat16", 2},
    {Element::uint8, "uint8", 1},
}};

}  // namespace

std::size_t bytes_of(Element element) {
  return elements.at(static_cast<std::size_t>(element)).bytes;
}

std::string_view name_of(Element element) {
  return elements.at(static_cast<std::size_t>(element)).name;
}

Element find_element(std::string_view name) {
  std::string message = "element type '" + std::string(name) + "' is unknown; choices:";
  for (const ElementName& row : elements) {
    if (row.name == name) return row.element;
    message += " " + std::string(row.name);
  }
  throw std::runtime_error(message);
}

std::size_t TensorShape::elements() const {
  std::size_t product = 1;
  for (const std::int64_t dimension : dimensions) product *= static_cast<std::size_t>(dimension);
  return product;
}

}  // namespace model_search
