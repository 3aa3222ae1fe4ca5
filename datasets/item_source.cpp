// SPDX-License-Identifier: Apache-2.0
#include "datasets/item_source.h"

namespace model_search {

std::size_t ItemShape::elements() const {
  std::size_t product = 1;
  for (const std::int64_t dimension : dimensions) product *= static_cast<std::size_t>(dimension);
  return product;
}

}  // namespace model_search
