// SPDX-License-Identifier: Apache-2.0
// The program: reads the flags, registers the combinations, runs those that the filter selects.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <CLI/Error.hpp>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "benchmarks/grid/common_batch.h"
#include "benchmarks/results/console.h"
#include "benchmarks/results/context.h"
#include "benchmarks/results/interruption.h"
#include "benchmarks/results/recorder.h"
#include "benchmarks/results/result_file.h"
#include "benchmarks/steps/interleaving.h"
#include "benchmarks/steps/step_fixture.h"
#include "benchmarks/steps/steps.h"
#include "fixtures/devices/gpu_decoder.h"

namespace model_search {
namespace {

/// Exit codes; the README lists them.
enum ExitCode {
  all_measured = 0,
  some_failed = 1,
  bad_usage = 2,
  nothing_matches = 3,
  was_interrupted = 4,
  not_written = 5,
};

/// Thrown between two rows to end the run there.
enum class RunEnd { interrupted, device_lost };

bool has_flag(int argc, char** argv, const std::string& flag) {
  for (int i = 1; i < argc; ++i) {
    if (argv[i] == flag) return true;
  }
  return false;
}

/// The environment variable that Google Benchmark reads for a flag.
std::string variable_of(std::string flag) {
  for (char& letter : flag) letter = static_cast<char>(std::toupper(letter));
  return flag;
}

/// The value of one of Google Benchmark's flags, from the arguments or, as it does, from the
/// environment; empty where it is not given.
std::string flag_value(int argc, char** argv, const std::string& flag) {
  const char* known = std::getenv(variable_of(flag).c_str());
  std::string value = known != nullptr ? known : "";
  const std::string prefix = "--" + flag + "=";
  for (int i = 1; i < argc; ++i) {
    if (std::string_view(argv[i]).starts_with(prefix)) value = argv[i] + prefix.size();
  }
  return value;
}

/// As Google Benchmark reads it, which takes its default where the text is no number.
int repetitions_of(const std::string& text) {
  int count = 1;
  std::from_chars(text.data(), text.data() + text.size(), count);
  return count;
}

/// The reporter of a format of Google Benchmark's, ours where we have one.
std::unique_ptr<benchmark::BenchmarkReporter> make_display(const std::string& format) {
  if (format == "json") return std::make_unique<FiniteJson>();
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  if (format == "csv") return std::make_unique<benchmark::CSVReporter>();
#pragma GCC diagnostic pop
  return std::make_unique<Console>(::isatty(STDOUT_FILENO) == 1
                                       ? benchmark::ConsoleReporter::OO_Color
                                       : benchmark::ConsoleReporter::OO_None);
}

/// Takes one of Google Benchmark's flags out of the arguments and the environment; its value.
std::string take_flag(std::vector<char*>& arguments, const std::string& flag) {
  const std::string value = flag_value(static_cast<int>(arguments.size()), arguments.data(), flag);
  const std::string prefix = "--" + flag + "=";
  std::erase_if(arguments, [&](const char* argument) {
    return std::string_view(argument).starts_with(prefix);
  });
  (void)::unsetenv(variable_of(flag).c_str());
  return value;
}

/// Starts this program again with its arguments and --resume: a CUDA error may leave a process
/// without a usable GPU, and only a new one gets another.
[[noreturn]] void start_again(std::vector<std::string> arguments) {
  std::erase(arguments, "--retry_failed");
  arguments.emplace_back("--resume");
  std::vector<char*> pointers;
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  std::fflush(nullptr);
  ::execv("/proc/self/exe", pointers.data());
  throw std::system_error(errno, std::generic_category(), "cannot start again");
}

/// Google Benchmark's flags, with ours in front: one trial and one pass of our own sampler per
/// row, unless the user asks for more.
std::vector<char*> with_defaults(int argc, char** argv) {
  static char one_trial[] = "--benchmark_min_time=0";
  std::vector<char*> arguments{argv[0], one_trial};
  arguments.insert(arguments.end(), argv + 1, argv + argc);
  return arguments;
}

/// Says once which devices there are not, and what they leave without rows.
void tell_devices(const Options& options) {
  if (options.of(axes().device) != Values{"cpu"}) return;
  for (const std::string& name : options.words(axes().decoder)) {
    if (!is_gpu_decoder(name)) continue;
    std::fprintf(stderr, "--decoders=%s has no rows: it decodes on a GPU, and none is measured.\n",
                 name.c_str());
  }
  if (available_devices().size() == 1) {
    std::fprintf(stderr, "No CUDA device is visible: GPU rows are not registered.\n");
  }
}

/// Those whose names are not among `names`.
std::vector<Combination> without(std::vector<Combination> rows,
                                 const std::set<std::string>& names) {
  std::erase_if(rows, [&](const Combination& row) { return names.contains(row.name()); });
  return rows;
}

/// What is measured: the searches for the common batch size, if it was asked for, then the rows.
struct Plan {
  std::vector<Combination> searches;
  std::vector<Combination> rows;
};

void run_rows(Session& session, const std::vector<Combination>& rows, Recorder& recorder) {
  if (rows.empty()) return;
  register_rows(rows, session);
  benchmark::RunSpecifiedBenchmarks(&recorder, nullptr, ".");
  if (session.active != nullptr) session.active->release();
  session.active = nullptr;
  benchmark::ClearRegisteredBenchmarks();
  session.fixtures.clear();
}

/// After an interruption: reports the rows whose turns were taken together with those of the row
/// in hand.
void report_waiting(const Session& session, Recorder& recorder) {
  const std::string filter = filter_of_waiting(session);
  if (!filter.empty()) benchmark::RunSpecifiedBenchmarks(&recorder, nullptr, filter);
}

/// Runs what `names`, rows of an earlier run, lack of the plan.
void run_plan(Session& session, Plan& plan, const std::set<std::string>& names,
              Recorder& recorder) {
  if (session.options.common_max) {
    run_rows(session, without(plan.searches, names), recorder);
    plan.rows = with_common_batch(plan.rows, plan.searches, session.largest_batches);
  }
  const std::vector<Combination> missing = without(plan.rows, names);
  session.progress.expect(plan.searches.size() + missing.size());
  run_rows(session, missing, recorder);
}

/// Measures the plan and writes its rows to `out`, if it is not empty, beside those of `earlier`.
ExitCode measure(Session& session, Plan plan, const std::string& format, const std::string& out,
                 EarlierResults earlier, const std::vector<std::string>& command) {
  std::optional<ResultFile> file;
  if (!out.empty()) {
    file.emplace(out);
    session.samples = SampleFile(out, earlier.names);
  }
  session.progress.expect(plan.searches.size() + plan.rows.size());
  add_earlier(session.largest_batches, earlier.rows);
  const std::set<std::string> names = earlier.names;
  watch_interruptions();
  const std::unique_ptr<benchmark::BenchmarkReporter> display = make_display(format);
  bool ending = false;
  Recorder recorder(*display, file ? &*file : nullptr, std::move(earlier), [&] {
    if (ending) return;
    if (interrupted()) throw RunEnd::interrupted;
    if (file && !session.lost_by.empty()) throw RunEnd::device_lost;
  });
  ExitCode code = all_measured;
  try {
    run_plan(session, plan, names, recorder);
    recorder.close();
  } catch (RunEnd end) {
    ending = true;
    if (end == RunEnd::interrupted) report_waiting(session, recorder);
    recorder.close();
    if (end == RunEnd::device_lost && file->error().empty()) {
      std::fprintf(stderr, "%s left the GPU of no use to this process; going on in a fresh one.\n",
                   session.lost_by.c_str());
      start_again(command);
    }
    std::fprintf(stderr, "Ended after the row in hand%s.\n",
                 file ? "; --resume measures what is missing" : "");
    code = was_interrupted;
  }
  if (session.active != nullptr) session.active->release();
  if (file && !file->error().empty()) {
    std::fprintf(stderr, "%s\n", file->error().c_str());
    code = not_written;
  }
  return code;
}

int run(int argc, char** argv) {
  if (has_flag(argc, argv, "--help")) {
    std::printf("%s\nGoogle Benchmark's flags:\n", options_help().c_str());
    std::fflush(stdout);
    benchmark::Initialize(&argc, argv);  // Prints its own and exits.
    return all_measured;
  }
  const std::string list = flag_value(argc, argv, "benchmark_list_tests");
  const bool listing = has_flag(argc, argv, "--benchmark_list_tests") ||
                       (!list.empty() && list != "false" && list != "0");
  const std::string format = flag_value(argc, argv, "benchmark_format");
  const std::string file_format = flag_value(argc, argv, "benchmark_out_format");
  const bool json_file = file_format.empty() || file_format == "json";
  const std::vector<std::string> command(argv, argv + argc);
  std::vector<char*> arguments = with_defaults(argc, argv);
  // JSON is written by us, row by row.
  const std::string out = json_file ? take_flag(arguments, "benchmark_out") : "";
  if (json_file) (void)take_flag(arguments, "benchmark_out_format");
  int count = static_cast<int>(arguments.size());
  benchmark::Initialize(&count, arguments.data());

  Session session(parse_options(count, arguments.data()));
  if (session.options.resume && out.empty()) {
    throw std::invalid_argument("--resume needs --benchmark_out=FILE.json, whose rows it keeps");
  }
  const std::string repetitions = flag_value(argc, argv, "benchmark_repetitions");
  if (session.options.interleave && !repetitions.empty() && repetitions != "1") {
    throw std::invalid_argument(
        "--interleave measures in rounds of its own: leave out "
        "--benchmark_repetitions=" +
        repetitions);
  }
  const std::vector<Combination> all = combinations(session.options);
  if (!listing) tell_devices(session.options);
  const std::string filter = benchmark::GetBenchmarkFilter();
  const std::vector<Combination> chosen = filtered(all, filter);
  if (chosen.empty()) {
    std::fprintf(stderr,
                 "Nothing matches --benchmark_filter=%s among %zu combinations; "
                 "--benchmark_list_tests shows their names.\n",
                 filter.c_str(), all.size());
    return nothing_matches;
  }
  if (listing) {
    register_rows(all, session);
    benchmark::RunSpecifiedBenchmarks();
    return all_measured;
  }
  const Facts facts = describe_run(session, chosen);
  for (const auto& [name, value] : facts) benchmark::AddCustomContext(name, value);
  EarlierResults earlier;
  if (session.options.resume) {
    earlier = read_earlier_results(out, session.options.retry_failed);
    require_same_facts(earlier, facts, out);
    require_same_repetitions(earlier, repetitions_of(repetitions), out);
  }
  std::vector<Combination> searches;
  if (session.options.common_max) {
    searches = batch_searches(chosen, session.options, step_of(Step::max_batch_size).rows.axes);
  }
  if (session.options.resume) {
    std::fprintf(stderr, "%zu of %zu rows are there already.\n", earlier.names.size(),
                 chosen.size() + searches.size());
  }
  session.failures = earlier.failures;
  const Plan plan{.searches = std::move(searches), .rows = chosen};
  const bool done = !session.options.common_max && without(chosen, earlier.names).empty();
  const ExitCode code =
      done ? all_measured : measure(session, plan, format, out, std::move(earlier), command);
  if (const std::string common = describe_common_batch(
          session.options.common_max ? plan.searches : chosen, session.largest_batches);
      !common.empty()) {
    std::fputs(common.c_str(), format.empty() || format == "console" ? stdout : stderr);
  }
  const std::string ranking = session.ranking.table(session.candidates.all_random());
  std::fputs(ranking.c_str(), format.empty() || format == "console" ? stdout : stderr);
  if (session.failures > 0) {
    std::fprintf(stderr, "%zu of %zu combinations failed; their rows say why.\n", session.failures,
                 chosen.size());
  }
  if (code != all_measured) return code;
  return session.failures > 0 ? some_failed : all_measured;
}

}  // namespace
}  // namespace model_search

int main(int argc, char** argv) {
  try {
    return model_search::run(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::fprintf(stderr, "%s (--help lists the flags)\n", error.what());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
  }
  return model_search::bad_usage;
}
