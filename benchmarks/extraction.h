// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <vector>

#include "benchmarks/stage_facts.h"
#include "datasets/item_source.h"
#include "fixtures/batch_tensors.h"
#include "fixtures/device.h"
#include "fixtures/models/joint_network.h"

namespace model_search {

/// How the features of a data set are extracted.
struct ExtractionSettings {
  Device device;
  std::size_t batch = 1;
  std::size_t workers = 1;
  std::size_t prefetch = 0;  ///< batches that the loader reads ahead
  bool pinned = true;        ///< host memory of batches that go to a GPU
  Padding padding = Padding::fixed;
};

/// Features and where the seconds of getting them went; the parts do not overlap.
struct Extraction {
  std::vector<at::Tensor> features;  ///< of each head [N, D] on the device
  double load_data = 0;              ///< serial: reading; prefetch: the device waits for data
  double data_to_device = 0;
  double inference = 0;
  double elapsed = 0;  ///< first batch requested -> last feature done
  std::size_t batches = 0;
  Lengths lengths;  ///< of texts
};

/// Pins the batch buffers that an extraction will use and gives them back to the caching
/// allocator, so that the extraction finds them there: pinning is done once for a whole search.
void prepare_buffers(const ItemSource& source, const ExtractionSettings& settings);

/// Each step finishes, synchronised, before the next one begins; nothing is read ahead.
[[nodiscard]] Extraction extract_serially(const ItemSource& source, const JointNetwork& network,
                                          const ExtractionSettings& settings);

/// The original study's pipeline: the loader works ahead, copies and inference are timed by
/// events, and nothing synchronises between batches but the wait for a batch's copy before its
/// host memory is used again.
[[nodiscard]] Extraction extract_with_prefetch(const ItemSource& source,
                                               const JointNetwork& network,
                                               const ExtractionSettings& settings);

}  // namespace model_search
