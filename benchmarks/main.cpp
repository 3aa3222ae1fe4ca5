// SPDX-License-Identifier: Apache-2.0
// The program: reads the flags, registers the combinations, runs those that the filter selects.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <CLI/Error.hpp>
#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "benchmarks/console.h"
#include "benchmarks/context.h"
#include "benchmarks/registry.h"
#include "benchmarks/step_fixture.h"
#include "fixtures/gpu_decoder.h"

namespace model_search {
namespace {

/// Exit codes; the README lists them.
enum ExitCode { all_measured = 0, some_failed = 1, bad_usage = 2, nothing_matches = 3 };

bool has_flag(int argc, char** argv, const std::string& flag) {
  for (int i = 1; i < argc; ++i) {
    if (argv[i] == flag) return true;
  }
  return false;
}

/// The value of one of Google Benchmark's flags, from the arguments or, as it does, from the
/// environment; empty where it is not given.
std::string flag_value(int argc, char** argv, const std::string& flag) {
  std::string variable = flag;
  for (char& letter : variable) letter = static_cast<char>(std::toupper(letter));
  const char* known = std::getenv(variable.c_str());
  std::string value = known != nullptr ? known : "";
  const std::string prefix = "--" + flag + "=";
  for (int i = 1; i < argc; ++i) {
    if (std::string_view(argv[i]).starts_with(prefix)) value = argv[i] + prefix.size();
  }
  return value;
}

/// Runs with reporters of ours where the format is one of them.
void run_benchmarks(const std::string& format, const std::string& file_format) {
  Console console(::isatty(STDOUT_FILENO) == 1 ? benchmark::ConsoleReporter::OO_Color
                                               : benchmark::ConsoleReporter::OO_None);
  FiniteJson display_json;
  FiniteJson file_json;
  benchmark::BenchmarkReporter* display = nullptr;  // nullptr: Google Benchmark's own
  if (format.empty() || format == "console") display = &console;
  if (format == "json") display = &display_json;
  if (file_format == "json") {
    benchmark::RunSpecifiedBenchmarks(display, &file_json);
  } else {
    benchmark::RunSpecifiedBenchmarks(display);
  }
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
  for (const std::string& name : options.devices) {
    if (name != "cpu") return;
  }
  for (const std::string& name : options.decoders) {
    if (!is_gpu_decoder(name)) continue;
    std::fprintf(stderr, "--decoders=%s has no rows: it decodes on a GPU, and none is measured.\n",
                 name.c_str());
  }
  if (available_devices().size() == 1) {
    std::fprintf(stderr, "No CUDA device is visible: GPU rows are not registered.\n");
  }
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
  std::string file_format = flag_value(argc, argv, "benchmark_out_format");
  if (file_format.empty()) file_format = "json";
  // A file reporter without a file is an error of Google Benchmark's.
  if (flag_value(argc, argv, "benchmark_out").empty()) file_format.clear();
  std::vector<char*> arguments = with_defaults(argc, argv);
  int count = static_cast<int>(arguments.size());
  benchmark::Initialize(&count, arguments.data());

  Session session(parse_options(count, arguments.data()));
  const std::vector<Combination> all = combinations(session.options);
  register_combinations(all, session);
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
    benchmark::RunSpecifiedBenchmarks();
    return all_measured;
  }
  session.progress.expect(chosen.size());
  add_context(session, chosen);
  run_benchmarks(format, file_format);
  if (session.active != nullptr) session.active->release();
  const std::string ranking = session.ranking.table(session.candidates.all_random());
  std::fputs(ranking.c_str(), format.empty() || format == "console" ? stdout : stderr);
  if (session.failures > 0) {
    std::fprintf(stderr, "%zu of %zu combinations failed; their rows say why.\n", session.failures,
                 chosen.size());
    return some_failed;
  }
  return all_measured;
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
