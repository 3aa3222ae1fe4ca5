// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "benchmarks/grid/product.h"
#include "benchmarks/workers/leases.h"
#include "fixtures/devices/environment.h"

namespace model_search {

/// The rows that this process measures of a grid that all workers of a run share: one after
/// another, as they are free. A thread gives the signs of life, so that a long row keeps its lease.
/// Calls throw StoreError where the store is lost.
class PulledRows {
 public:
  /// Joins the run, or goes on as the worker `number` that this process was before it replaced
  /// itself. `silence` is the number of seconds after which a worker counts as dead; `hosts` says
  /// that the store ends with this process' job.
  PulledRows(std::unique_ptr<SharedKeys> keys, std::optional<std::int64_t> number, bool hosts,
             const Combinations& rows, const std::vector<RowCost>& costs, double silence);
  ~PulledRows();
  PulledRows(const PulledRows&) = delete;
  PulledRows& operator=(const PulledRows&) = delete;

  [[nodiscard]] std::int64_t worker() const { return shared_->workers.worker(); }
  [[nodiscard]] bool hosts() const { return hosts_; }

  /// Makes a name this worker's own: `rank`, or where it is empty `<host>-<number>`. Throws
  /// std::invalid_argument where a living worker has it, or had it before and `resumes` is false:
  /// the rows in its file would be lost. Waits for a worker that may be dead.
  std::string take_name(const std::string& rank, const std::string& host, bool resumes);
  /// Throws std::invalid_argument with the first differences where other workers of the store have
  /// other `facts`.
  void agree(const Facts& facts);
  /// Rows with these names are in files of an earlier run.
  void note_done(const std::set<std::string>& names);

  /// The next row, which is this worker's until finish() or give_back(). Waits while all rows are
  /// others'. Nothing where all are done, or `interrupted` says so.
  [[nodiscard]] std::optional<Combination> next(const std::function<bool()>& interrupted);
  /// About how many rows this worker will still measure, the one in hand included.
  [[nodiscard]] std::size_t expected_here() const { return expected_here_; }
  /// Whether next() saw that all rows are done.
  [[nodiscard]] bool all_done() const { return all_done_; }
  /// The row in hand is written. Says so where another worker measured it too.
  void finish();
  /// Gives the row in hand, which is not measured, to others and leaves. Any thread may call it;
  /// returns after two seconds at most.
  void abandon() noexcept;
  /// This worker takes no more rows. Where it hosts the store and all rows are done, first waits
  /// until the other workers have left, and for those of `expected` that have not joined yet, as
  /// long as for a dead one: the store ends when no worker lives.
  void leave(std::size_t expected);

 private:
  /// What abandon() uses in a thread that waits for the store, perhaps longer than this object
  /// lives.
  struct Shared {
    Shared(std::unique_ptr<SharedKeys> store, std::optional<std::int64_t> number,
           const std::vector<RowCost>& costs, double silence);
    /// Takes the row in hand out of it.
    std::optional<std::size_t> put_down();

    const std::unique_ptr<SharedKeys> keys;
    Presence workers;
    Leases leases;
    std::mutex mutex;  // guards the row in hand
    std::optional<std::size_t> in_hand;
  };

  void give_signs(const std::stop_token& stop);
  void pause() const;

  const std::shared_ptr<Shared> shared_;
  const Combinations rows_;
  const bool hosts_;
  std::atomic<bool> left_ = false;  // Or about to: nothing waits for the store any more.
  bool all_done_ = false;
  std::size_t expected_here_ = 0;
  std::jthread signs_;  // Is last: it uses the other members.
};

}  // namespace model_search
