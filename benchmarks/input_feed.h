// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>

#include "benchmarks/extraction.h"
#include "fixtures/models/network.h"

namespace model_search {

/// The batches of a data set on their way to a network: load() waits for the next one on the host,
/// deliver() brings it to the network's place. One thread calls both in turn.
class InputFeed {
 public:
  virtual ~InputFeed() = default;
  /// Waits for the next batch; false after the last one. Throws what went wrong with it.
  virtual bool load() = 0;
  /// Enqueues, on the current stream, what gives that batch the network's form on its device. The
  /// host memory that this reads stays as it is until load() was called twice more.
  [[nodiscard]] virtual Activations deliver() = 0;
  /// Whether deliver() decodes files: it then belongs to the step LoadData.
  [[nodiscard]] virtual bool decodes() const = 0;
  /// Where a GPU decodes: what does. Empty otherwise.
  [[nodiscard]] virtual std::string decoder_facts() const { return {}; }
  [[nodiscard]] virtual std::size_t batches() const = 0;
  /// Of all workers together, since the feed was made.
  [[nodiscard]] virtual double waiting_seconds() const = 0;
};

/// Starts the workers. `prefetch`: batches that they read ahead of load(). `items`: 0 for all,
/// more than there are wraps around.
[[nodiscard]] std::unique_ptr<InputFeed> make_feed(const ItemSource& source,
                                                   const ExtractionSettings& settings,
                                                   std::size_t prefetch, std::size_t items = 0);

}  // namespace model_search
