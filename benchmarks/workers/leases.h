// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "benchmarks/grid/deal.h"
#include "benchmarks/workers/presence.h"
#include "benchmarks/workers/shared_keys.h"

namespace model_search {

/// Which worker measures which row of a grid, as all workers see it: a row is free, leased by a
/// worker, or done. A lease has no end of its own: it is taken back where its worker is dead
/// (Presence).
///
/// For each group of rows (RowCost::group) the store has one text with the state of all its rows,
/// so that a row and its owner change at once and nothing is lost where a worker dies between two
/// calls. Its key has a fingerprint of the grid: a worker with other rows, which does not know yet
/// that the store belongs to another run, must not make the texts of that run.
class Leases {
 public:
  /// The leases of the worker that `workers` has joined. The rows must be the same for all workers.
  Leases(SharedKeys& keys, Presence& workers, const std::vector<RowCost>& rows);

  struct Next {
    std::optional<std::size_t> row;               ///< leased by this worker now
    std::optional<std::int64_t> taken_back_of{};  ///< the dead worker that had it
    std::size_t left = 0;                         ///< rows that are not done, this one included
    std::size_t workers = 1;  ///< living workers that have rows, this one included
  };
  /// Leases the next row: of the group of the row before, else of the longest group that nobody
  /// works on, else the longest row of the group with most to do. Without a row, all others are
  /// leased by living workers (`left` > 0), or all are done.
  [[nodiscard]] Next take();
  /// The row is measured. Returns false where its lease was taken back in the meantime.
  bool finish(std::size_t row);
  /// The row is not measured, and free.
  void give_back(std::size_t row);
  /// These rows were measured by an earlier run.
  void note_done(const std::vector<std::size_t>& rows);

 private:
  struct Group {
    std::string key;
    std::vector<std::size_t> rows;  ///< in the order of the grid
  };
  struct Place {
    std::size_t group = 0;
    std::size_t index = 0;  ///< in its group
  };
  using States = std::vector<std::string>;
  struct Choice {
    std::size_t group = 0;
    std::size_t index = 0;
  };

  /// Whether a row of this state can be leased.
  using Available = std::function<bool(const std::string& state)>;

  [[nodiscard]] std::optional<Choice> choose(const std::vector<States>& states,
                                             const Available& available) const;
  [[nodiscard]] Choice in_group(std::size_t group, const States& states, const Available& available,
                                bool longest) const;
  /// Changes the states of a group's rows, whatever other workers do meanwhile.
  void change(std::size_t group, const std::function<void(States& states)>& change);

  SharedKeys& keys_;
  Presence& workers_;
  std::vector<Group> groups_;
  std::vector<double> seconds_;  ///< of each row
  std::vector<Place> places_;    ///< of each row
  std::optional<std::size_t> last_group_;
};

}  // namespace model_search
