// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "datasets/item_source.h"
#include "datasets/tokenizer.h"
#include "fixtures/batch_tensors.h"

namespace model_search {

/// How the files of a data set become a network's input.
struct InputSettings {
  std::string kind = "images";  ///< or "text"
  /// Prepared items (preprocessed tensors, token ids) are read from the cache, not the files.
  bool prepared = false;
  std::string decoder;                         ///< images
  Element element = Element::float32;          ///< images: float32 (normalised) or uint8 (pixels)
  Element storage = Element::float32;          ///< prepared float32 values: as what they are kept
  std::shared_ptr<const Tokenizer> tokenizer;  ///< text
  std::int64_t max_length = 0;                 ///< text: tokens of an item, special ones included
  Padding padding = Padding::fixed;            ///< text

  /// The same items decoded on the CPU and normalised: what a reference is computed from.
  [[nodiscard]] InputSettings reference() const;
};

}  // namespace model_search
