// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace model_search {

/// One tensor of an item as it lies in a batch: its shape without the batch dimension.
struct ItemShape {
  std::vector<std::int64_t> dimensions;  ///< e.g. {3, 224, 224}
  std::size_t bytes_per_element = 4;     ///< 4: float32
  [[nodiscard]] std::size_t elements() const;
  [[nodiscard]] std::size_t bytes() const { return elements() * bytes_per_element; }
};

/// Where the seconds of reading one item went.
struct ReadSeconds {
  double storage = 0;     ///< reading bytes from the file system
  double decode = 0;      ///< bytes to pixels
  double preprocess = 0;  ///< resize, crop, normalise
};

/// A list of labelled items that any thread can read by index, such as the photographs of a
/// folder or the cached activations of a network. Implementations are safe to call from many
/// threads at once.
class ItemSource {
 public:
  virtual ~ItemSource() = default;
  [[nodiscard]] virtual std::size_t size() const = 0;
  [[nodiscard]] virtual ItemShape shape() const = 0;
  [[nodiscard]] virtual std::int64_t label(std::size_t index) const = 0;
  /// Writes item `index` to `out` (exactly shape().bytes()).
  /// Throws std::runtime_error whose message names the file.
  virtual ReadSeconds read(std::size_t index, std::span<std::byte> out) const = 0;
};

}  // namespace model_search
