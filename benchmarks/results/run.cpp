// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/results/run.h"

#include <benchmark/benchmark.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <optional>
#include <system_error>
#include <utility>

#include "benchmarks/grid/common_batch.h"
#include "benchmarks/results/display.h"
#include "benchmarks/results/exit_code.h"
#include "benchmarks/results/interruption.h"
#include "benchmarks/results/progress.h"
#include "benchmarks/results/pulling.h"
#include "benchmarks/results/recorder.h"
#include "benchmarks/results/row_watch.h"
#include "benchmarks/results/sample_file.h"
#include "benchmarks/steps/interleaving.h"
#include "datasets/text/printable.h"

namespace model_search {
namespace {

/// Is thrown between two rows to end the run there.
enum class Stop { interrupted, device_lost };

Combinations without(Combinations rows, const std::set<std::string>& names) {
  std::erase_if(rows, [&](const Combination& row) { return names.contains(row.name()); });
  return rows;
}

/// Starts this program again with its arguments and --resume: a CUDA error may leave a process
/// without a usable GPU, or a row may never end, and only a new process gets over that.
[[noreturn]] void start_again(std::vector<std::string> arguments, const std::string& out) {
  std::erase(arguments, "--retry_failed");
  // read_benchmark_flags() has removed BENCHMARK_OUT from the environment.
  arguments.push_back("--benchmark_out=" + out);
  arguments.emplace_back("--resume");
  std::vector<char*> pointers;
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  std::fflush(nullptr);
  ::execv("/proc/self/exe", pointers.data());
  throw std::system_error(errno, std::generic_category(), "cannot start this program again");
}

/// Ends the process at once, with what is written: the thread of a row that never ends cannot be
/// unwound.
[[noreturn]] void leave(ExitCode code) {
  std::fflush(stdout);
  std::_Exit(code);
}

/// Reports a stalled row as failed, and goes on in a new process where there is a file of results.
[[noreturn]] void end_stalled(const std::string& row, const std::string& why, Recorder& recorder,
                              const ResultFile* file, const BenchmarkFlags& flags,
                              const std::vector<std::string>& command, PulledRows* pulled) {
  recorder.report_failure(row, "stalled: " + printable(why), flags.repetition_count());
  if (file == nullptr) {
    recorder.close();
    std::fprintf(stderr,
                 "%s is stalled, which ends the run; with --benchmark_out it would continue in a "
                 "new process.\n",
                 row.c_str());
    if (pulled != nullptr) pulled->abandon();
    leave(some_failed);
  }
  const bool ends = !file->error().empty() || interrupted();
  if (pulled != nullptr && ends) pulled->abandon();
  if (!file->error().empty()) leave(not_written);
  if (interrupted()) leave(was_interrupted);
  std::fprintf(stderr, "%s is stalled; the run continues in a new process.\n", row.c_str());
  try {
    if (pulled != nullptr) pass_on(*pulled);
    start_again(command, flags.out);
  } catch (const std::system_error& error) {
    note(error.what());
    leave(some_failed);
  }
}

/// Ends the run some seconds after a signal. The file of results is complete after each row.
[[noreturn]] void end_interrupted(const std::string& row, Recorder& recorder,
                                  const ResultFile* file, PulledRows* pulled) {
  if (pulled != nullptr) pulled->abandon();
  // Without a row the display and stdout may be in use, even by a thread that hangs there.
  if (row.empty()) std::_Exit(was_interrupted);
  recorder.close();
  std::fprintf(stderr, "Ended without %s, which did not finish in %g s%s.\n", row.c_str(),
               RowWatch::grace_seconds,
               file != nullptr ? "; --resume measures what is missing" : "");
  leave(was_interrupted);
}

RowNames row_names(const Plan& plan) {
  std::vector<std::string> names;
  for (const Combinations& rows : {plan.searches, plan.rows}) {
    for (const Combination& row : rows) names.push_back(row.name());
  }
  return RowNames(names);
}

void run_rows(RunState& run, const Combinations& rows, Recorder& recorder) {
  if (rows.empty()) return;
  register_rows(rows, run);
  benchmark::RunSpecifiedBenchmarks(&recorder, nullptr, ".");
  if (run.active != nullptr) run.active->release();
  run.active = nullptr;
  benchmark::ClearRegisteredBenchmarks();
  run.fixtures.clear();
}

/// Runs the rows of the plan that are not in `names`, which an earlier run has measured.
void run_plan(RunState& run, Progress& progress, Plan& plan, const std::set<std::string>& names,
              Recorder& recorder) {
  if (run.session.options.common_max) {
    run_rows(run, without(plan.searches, names), recorder);
    plan.rows = with_common_batch(plan.rows, plan.searches, largest_batches(recorder.outcomes()));
  }
  const Combinations missing = without(plan.rows, names);
  progress.expect(plan.searches.size() + missing.size());
  run_rows(run, missing, recorder);
}

/// Measures rows one by one, as this worker gets them, and adds them to `rows`.
void run_pulled(RunState& run, Progress& progress, PulledRows& pulled, Combinations& rows,
                Recorder& recorder, const ResultFile* file) {
  // A row that is not on the disk is another worker's to measure.
  const auto written = [&](const Combination& row) {
    return !run.unfinished.contains(row.name()) && (file == nullptr || file->error().empty());
  };
  for (std::size_t count = 0; const auto row = pulled.next(interrupted); ++count) {
    progress.expect(count + pulled.expected_here());
    rows.push_back(*row);
    try {
      run_rows(run, {*row}, recorder);
    } catch (Stop) {
      if (written(*row)) pulled.finish();
      throw;
    }
    if (!written(*row)) return;
    pulled.finish();
  }
  if (!pulled.all_done()) throw Stop::interrupted;
}

/// Ends this process' part in the workers' run.
void leave_workers(PulledRows& pulled, const RunResult& result, const Shard& shard) {
  if (result.end != RunEnd::all_measured) return pulled.abandon();
  try {
    pulled.leave(shard.count);
  } catch (const StoreError&) {
    // All rows are done: nobody needs the store any more.
  }
}

/// Lets the watch and the line of progress follow the rows.
void follow_rows(RunState& run, RowWatch& watch, Progress& progress) {
  run.turn_begins = [&watch](const std::string& name) { watch.begin(name); };
  run.row_begins = [&watch, &progress](const std::string& name) {
    watch.begin(name);
    progress.begin(name);
  };
  run.row_goes_on = [&progress](const std::string& state) { progress.go_on(state); };
  run.row_ends = [&watch, &progress] {
    watch.end();
    progress.clear();
  };
}

/// After an interruption, reports the rows that took their turns together with the row that was
/// running.
void report_waiting(const RunState& run, Recorder& recorder) {
  const std::string filter = filter_of_waiting(run);
  if (!filter.empty()) benchmark::RunSpecifiedBenchmarks(&recorder, nullptr, filter);
}

/// Reports that the run ends after the row that was running. Continues in a new process where the
/// device was lost and the results are on the disk; `file` is nullptr where they cannot be
/// continued, and then no device counts as lost.
void end_after_row(Stop stop, const RunState& run, const ResultFile* file,
                   const std::vector<std::string>& command, const PulledRows* pulled) {
  if (stop == Stop::device_lost && file->error().empty()) {
    std::fprintf(stderr,
                 "The failure of %s made the GPU unusable to this process; the run "
                 "continues in a new one.\n",
                 run.lost_by.c_str());
    if (pulled != nullptr) pass_on(*pulled);
    start_again(command, file->path());
  }
  std::fprintf(stderr, "Ended after the row that was running%s.\n",
               file != nullptr ? "; --resume measures what is missing" : "");
}

}  // namespace

std::size_t Plan::missing(const std::set<std::string>& names) const {
  return without(searches, names).size() + without(rows, names).size();
}

RunResult measure(Session& session, Plan plan, const BenchmarkFlags& flags, EarlierResults earlier,
                  const std::string& summary, const std::vector<std::string>& command,
                  PulledRows* pulled) {
  RunResult result;
  std::optional<ResultFile> file;
  SampleFile samples;
  if (!flags.out.empty()) {
    file.emplace(flags.out);
    if (file->continues()) samples = SampleFile(flags.out, earlier.names);
  }
  RunState run(session);
  run.failures = earlier.failures;
  run.default_time_unit = !flags.time_unit;
  run.interrupted = interrupted;
  Progress progress;
  progress.expect(plan.searches.size() + plan.rows.size());
  const std::set<std::string> names = earlier.names;
  watch_interruptions();
  Display display(flags, summary, row_names(plan));
  bool ending = false;
  // nullptr where a new process cannot continue the results: without a file, or with a stream.
  const ResultFile* const continued = file && file->continues() ? &*file : nullptr;
  const auto unfinished = [&run](const std::string& row) { return run.unfinished.contains(row); };
  Recorder recorder(display, file ? &*file : nullptr, std::move(earlier), unfinished, [&] {
    if (ending) return;
    if (interrupted()) throw Stop::interrupted;
    if (continued != nullptr && !run.lost_by.empty()) throw Stop::device_lost;
  });
  RowWatch watch(
      session.options.stall_limit,
      {.stalled =
           [&](const std::string& row, const std::string& why) {
             progress.clear();
             end_stalled(row, why, recorder, continued, flags, command, pulled);
           },
       .interrupted =
           [&](const std::string& row) { end_interrupted(row, recorder, continued, pulled); }});
  follow_rows(run, watch, progress);
  std::map<std::string, int> repetition;
  run.row_measured = [&](const std::string& name, const Row& row) {
    const auto held = watch.hold();
    samples.add(name, row.samples);
    if (flags.repetition_count() > 1) {
      recorder.keep_repetition(name, row, repetition[name]++, flags.repetition_count());
    }
  };
  try {
    if (pulled != nullptr) {
      std::erase_if(plan.rows, [&](const Combination& row) { return !names.contains(row.name()); });
      run_pulled(run, progress, *pulled, plan.rows, recorder, file ? &*file : nullptr);
    } else {
      run_plan(run, progress, plan, names, recorder);
    }
    recorder.close();
  } catch (Stop stop) {
    ending = true;
    if (stop == Stop::interrupted) report_waiting(run, recorder);
    recorder.close();
    end_after_row(stop, run, continued, command, pulled);
    result.end = RunEnd::interrupted;
  } catch (const StoreError& error) {
    recorder.close();
    note(std::string(error.what()) +
         "; this worker ends. What it measured is kept: start all workers again with --resume");
    result.end = RunEnd::interrupted;
  }
  if (run.active != nullptr) run.active->release();
  if (file && !file->error().empty()) {
    note(file->error());
    result.end = RunEnd::not_written;
  }
  if (!display.error().empty()) {
    note(display.error());
    result.end = RunEnd::not_written;
  }
  if (pulled != nullptr) leave_workers(*pulled, result, session.options.shard);
  result.failures = run.failures;
  result.outcomes = recorder.outcomes();
  result.rows = std::move(plan.rows);
  return result;
}

}  // namespace model_search
