// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <benchmark/benchmark.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "benchmarks/grid/combination.h"
#include "benchmarks/steps/row_settings.h"
#include "benchmarks/steps/run_state.h"
#include "fixtures/devices/machine_watch.h"
#include "fixtures/measuring/batch_statistics.h"
#include "fixtures/searching/search_device.h"

namespace model_search {

/// The fixture of one combination. Google Benchmark may run its body several times (calibration,
/// repetitions); heavy objects are made by prepare() the first time and kept until another
/// combination runs. A failure becomes an error row, once, for all repetitions; the rest of the
/// run goes on.
class StepFixture : public benchmark::Fixture, protected RowSettings {
 public:
  StepFixture(RunState& run, Combination combination)
      : RowSettings(run.session, std::move(combination)), run_(run) {}

  /// Frees what prepare() made.
  virtual void release() {}

  /// A name shared by the rows that may be measured in turns; empty: this row is measured alone.
  [[nodiscard]] virtual std::string interleaving_group() const { return {}; }
  /// Sets up and warms up for turns. Returns false where that failed; the row then says why.
  bool begin_turns();
  /// Measures a turn. Returns whether more turns follow.
  bool take_turn();
  /// What was recorded while a group of rows took turns.
  struct Turns {
    std::size_t others = 0;  ///< rows in the same rounds
    std::size_t rounds = 0;
    MachineUse machine;  ///< while all of them were measured
  };
  /// Ends the turns. The row is then computed from their samples and reports these numbers.
  void end_turns(const Turns& turns) { turns_ = turns; }
  /// The row's name with the place of its cut instead of its configuration. Rows with equal places
  /// are measured once.
  [[nodiscard]] std::string place() const;
  [[nodiscard]] std::string name() const { return combination().name(); }
  /// Whether all of its turns are measured, but its row is not reported yet.
  [[nodiscard]] bool waits_for_report() const;
  /// Whether no turn of it follows: all are measured, or it failed.
  [[nodiscard]] bool ended_turns() const { return turns_ || !failure_.empty(); }

  using RowSettings::device;

 protected:
  void BenchmarkCase(benchmark::State& state) final;

  /// Makes what the measurement needs, outside of any timed region.
  virtual void prepare() {}
  /// Returns one sampled measurement; after turns, the one that their samples give.
  virtual Row measure() = 0;
  /// For rows that may be measured in turns: warms up; measures a few batches and returns whether
  /// more follow.
  virtual void warm_up_turns() {}
  virtual bool measure_turn() { return false; }

  /// Whether no signal asks the run to end.
  [[nodiscard]] bool goes_on() const { return !(run_.interrupted && run_.interrupted()); }
  /// Ends a row that a signal has stopped: it is missing, and has not failed.
  [[noreturn]] void give_up() const;
  /// Says which devices failed and left what they had to do, such as "items", to the others. The
  /// row counts as one with a failure, since it is not that of all its devices.
  void note_failed(const std::vector<DeviceUse>& devices, std::string_view what) const;

 private:
  Row run();
  /// measure() with what the machine was doing meanwhile; a second time where the GPU was slowed
  /// down by heat or its power supply and the row's budget has room.
  Row watch();
  Row measure_or_copy();
  /// Frees what a failed row holds, and notes whether its device is lost.
  void clean_up();

  /// Throws where the failure of another row made the GPU unusable.
  void require_device() const;
  /// Computes the row from the samples of its turns.
  Row row_of_turns();
  void add_timer_cost(Row& row) const;

  void note_turn() const;
  void fail();
  void set_up();

  RunState& run_;
  std::string failure_;
  std::optional<Turns> turns_;
  double setup_seconds_ = 0;
};

}  // namespace model_search
