// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "datasets/files/tensor_shape.h"

namespace model_search {

/// The tensors of an item. The first holds the values; items of a text network have a second one,
/// the mask [length] boolean: true where there is a token, false where there is padding.
using ItemShape = std::vector<TensorShape>;
/// Bytes of all tensors of an item.
[[nodiscard]] std::size_t bytes_of(const ItemShape& shape);

/// Memory of the tensors of an item, in the order of its shape; of several items: for each tensor
/// those of all items, one after another, as in a batch.
using ItemBytes = std::span<const std::span<std::byte>>;

/// The memory of items `first` to `first + count` within that of several.
[[nodiscard]] std::vector<std::span<std::byte>> narrow_items(const ItemShape& shape, ItemBytes all,
                                                             std::size_t first, std::size_t count);

/// Where the seconds of reading went.
struct ReadSeconds {
  double storage = 0;     ///< reading bytes from the file system
  double decode = 0;      ///< bytes to pixels, or text to tokens
  double preprocess = 0;  ///< resize, crop, normalize
  ReadSeconds& operator+=(const ReadSeconds& other);
};

/// What the items of a source are.
enum class ItemContent {
  pixels,       ///< images as 8-bit pixels [H, W, 3]
  values,       ///< images as normalized values [3, H, W]
  tokens,       ///< texts as ids [L] and their mask [L]
  files,        ///< encoded images: the bytes of a file and their number
  activations,  ///< what a network computed from items, for texts with their mask [L]
};

/// A list of labeled items that any thread can read by index, such as the photographs of a folder
/// or the cached activations of a network. Implementations are safe to call from many threads at
/// once.
class ItemSource {
 public:
  virtual ~ItemSource() = default;
  [[nodiscard]] virtual std::size_t size() const = 0;
  [[nodiscard]] virtual const ItemShape& shape() const = 0;
  /// What its items are. Unless a source knows better, their element type decides: 8-bit pixels,
  /// 32-bit token ids, or values.
  [[nodiscard]] virtual ItemContent content() const;
  [[nodiscard]] virtual std::int64_t label(std::size_t index) const = 0;
  /// Writes item `index` to `out`, whose parts have exactly the bytes of shape()'s tensors.
  /// Throws std::runtime_error whose message names the file.
  virtual ReadSeconds read(std::size_t index, ItemBytes out) const = 0;
  /// Writes items `first` to `first + count` to `out`, whose parts hold those of all these items.
  /// The error thrown is that of the first item that cannot be read. Reads one item after another
  /// unless a source knows better.
  virtual ReadSeconds read_many(std::size_t first, std::size_t count, ItemBytes out) const;
  /// How many consecutive items a thread should read at a time: more than one if an item costs
  /// little compared with coordinating the threads, or if the storage is faster in large pieces.
  [[nodiscard]] virtual std::size_t items_per_read() const { return 1; }
  /// The files that are read, so that they can be dropped from the page cache; none if the items
  /// come from memory.
  [[nodiscard]] virtual std::vector<std::filesystem::path> files() const { return {}; }
  /// The file of an item, for messages; its index where it does not come from a file of its own.
  [[nodiscard]] virtual std::filesystem::path file(std::size_t index) const {
    return std::to_string(index);
  }
};

/// Throws std::invalid_argument unless `out` has the parts and sizes of `count` items. For read()
/// and read_many().
void check_item_bytes(const ItemShape& shape, ItemBytes out, std::size_t count = 1);

}  // namespace model_search
