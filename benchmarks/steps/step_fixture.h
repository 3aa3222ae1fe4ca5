// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <benchmark/benchmark.h>

#include <optional>
#include <string>

#include "benchmarks/grid/combination.h"
#include "benchmarks/steps/row_settings.h"
#include "benchmarks/steps/run_state.h"
#include "fixtures/devices/machine_watch.h"
#include "fixtures/measuring/batch_statistics.h"

namespace model_search {

/// The fixture of one combination. Google Benchmark may run its body several times (calibration,
/// repetitions); heavy objects are made by prepare() the first time and kept until another
/// combination runs. A failure becomes an error row, once, for all repetitions; the rest of the
/// run goes on.
class StepFixture : public benchmark::Fixture, protected RowSettings {
 public:
  StepFixture(RunState& run, Combination combination)
      : RowSettings(run.session, std::move(combination)), run_(run) {}

  /// Lets go of what prepare() made.
  virtual void release() {}

  /// Rows that may be measured in turns with this one have the same; empty: none may.
  [[nodiscard]] virtual std::string interleaving_group() const { return {}; }
  /// Sets up and warms up for turns. A failure becomes this row's; false then.
  bool begin_turns();
  /// Takes a turn; whether more are to come.
  bool take_turn();
  /// How the turns of a group of rows went.
  struct Turns {
    std::size_t others = 0;  ///< rows in the same rounds
    std::size_t rounds = 0;
    MachineUse machine;  ///< while all of them were measured
  };
  /// All turns were taken: the row is made of them, and says how they went.
  void end_turns(const Turns& turns) { turns_ = turns; }
  /// Its name with the place of its cut for the configuration: equal for rows that are measured
  /// once.
  [[nodiscard]] std::string place() const;
  [[nodiscard]] std::string name() const { return combination().name(); }
  /// Whether all of its turns are measured, but its row is not reported yet.
  [[nodiscard]] bool waits_for_report() const;
  /// Whether no turn of it is to come: all are measured, or it failed.
  [[nodiscard]] bool ended_turns() const { return turns_ || !failure_.empty(); }

  using RowSettings::device;

 protected:
  void BenchmarkCase(benchmark::State& state) final;

  /// Makes what the measurement needs, outside of any timed region.
  virtual void prepare() {}
  /// One sampled measurement; where turns were taken, made of their samples.
  virtual Row measure() = 0;
  /// Of rows that may be measured in turns: warm up, and measure a few batches; whether more are to
  /// come.
  virtual void warm_up_turns() {}
  virtual bool measure_turn() { return false; }

 private:
  Row run();
  /// measure() with what the machine was doing meanwhile; a second time where the GPU was slowed
  /// down by heat or its power supply and the row's budget has room.
  Row watch();
  Row measure_or_copy();
  /// After a failure.
  void clean_up();

  /// Throws where another row's failure took the GPU.
  void require_device() const;
  /// The row of the turns that were taken.
  Row row_of_turns();
  void add_timer_cost(Row& row) const;

  void fail();
  void set_up();

  RunState& run_;
  std::string failure_;
  std::optional<Turns> turns_;
  double setup_seconds_ = 0;
};

}  // namespace model_search
