// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <array>
#include <cstddef>
#include <vector>

#include "benchmarks/stage_facts.h"
#include "datasets/item_source.h"
#include "fixtures/batch_tensors.h"
#include "fixtures/gpu_decoder.h"
#include "fixtures/models/joint_network.h"
#include "fixtures/placement.h"

namespace model_search {

/// How batches come from host memory to a GPU: from pageable memory, from pinned memory, or from
/// pinned memory on a stream of their own.
enum class Transfer { pageable, pinned, pinned_async };

/// How the features of a data set are extracted.
struct ExtractionSettings {
  Placement placement{Device{}};
  std::size_t batch = 1;
  std::size_t workers = 1;
  std::size_t prefetch = 0;  ///< batches that the loader reads ahead, where it does
  Transfer transfer = Transfer::pinned;
  Padding padding = Padding::fixed;
  /// Decodes whole files on the device; nullptr: items come ready. Making one takes most of a
  /// second, so it outlives the extractions that use it.
  GpuDecoder* gpu_decoder = nullptr;

  [[nodiscard]] const Device& device() const { return placement.device; }
  /// Whether batches lie in pinned memory. Files that a GPU decodes need not.
  [[nodiscard]] bool pinned() const {
    return device().is_cuda() && transfer != Transfer::pageable && gpu_decoder == nullptr;
  }
};

/// The steps of an extraction that can run beside each other, in their order.
inline constexpr std::size_t pipeline_steps = 3;
enum PipelineStep : std::size_t { pipeline_load_data, pipeline_data_to_device, pipeline_inference };
using StepSeconds = std::array<double, pipeline_steps>;

/// Features and where the seconds of getting them went.
struct Extraction {
  std::vector<at::Tensor> features;  ///< of each head [N, D] float32 on the device
  double elapsed = 0;                ///< first batch requested -> last feature done
  /// Serial and prefetch: parts of `elapsed` that do not overlap. Serial: what each step took;
  /// prefetch: load_data is the time in which the device waits for data.
  StepSeconds exclusive{};
  /// Overlapped: how long each step worked, and how long it did not, within `elapsed`; of the
  /// loader's workers the mean.
  StepSeconds busy{};
  StepSeconds wait{};
  std::size_t batches = 0;
  Lengths lengths;  ///< of texts
};

/// Batches that a consumer holds while it copies them, of a loader that reads `prefetch` ahead.
[[nodiscard]] std::size_t held_batches(std::size_t prefetch);

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

/// Loading, copying and inference run beside each other: the loader's workers, a thread with a
/// stream for copies (or for decoding on the GPU), and this thread, with bounded queues between
/// them. An error of any of them ends all and is thrown.
[[nodiscard]] Extraction extract_overlapped(const ItemSource& source, const JointNetwork& network,
                                            const ExtractionSettings& settings);

/// What each step takes for all items when it runs alone, in the same way: loading with an idle
/// consumer, the copies and the forward passes of as many batches, back to back.
[[nodiscard]] StepSeconds measure_steps_alone(const ItemSource& source, const JointNetwork& network,
                                              const ExtractionSettings& settings);

}  // namespace model_search
