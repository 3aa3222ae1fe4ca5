// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>

#include "benchmarks/workers/shared_keys.h"

namespace model_search {

/// Which workers of a run live. Each has a number and gives signs of life, which the store counts.
/// Nobody's clock is compared with another's: a worker counts as dead where its count has not
/// changed for `silence` seconds of the steady clock of whoever looks.
class Presence {
 public:
  using Seconds = std::function<double()>;

  /// Watches the workers without being one. `now` is a steady clock.
  Presence(SharedKeys& keys, double silence, Seconds now);

  /// Joins the workers, or comes back as the worker of this number.
  void join(std::optional<std::int64_t> number = std::nullopt);
  /// The number of this worker; -1 before join().
  [[nodiscard]] std::int64_t worker() const { return worker_; }
  /// A sign of life, due several times within `silence`. Any thread may give it.
  void beat();
  /// Ends the membership: this worker counts as dead at once, and for ever.
  void leave();

  /// How many workers have joined, the dead ones included.
  [[nodiscard]] std::int64_t joined();
  /// The signs of life that a worker has given; negative where it has left.
  [[nodiscard]] std::int64_t beats(std::int64_t worker);
  /// Whether a worker has neither left nor been silent for too long since it was first looked at.
  [[nodiscard]] bool lives(std::int64_t worker);
  /// The number of other workers that live.
  [[nodiscard]] std::size_t others();
  [[nodiscard]] double silence() const { return silence_; }

 private:
  struct Sight {
    std::int64_t beats = 0;
    double changed = 0;  ///< when this count was first seen
  };

  SharedKeys& keys_;
  const double silence_;
  const Seconds now_;
  std::int64_t worker_ = -1;
  std::map<std::int64_t, Sight> sights_;
};

}  // namespace model_search
