// SPDX-License-Identifier: Apache-2.0
// The program: reads the flags, registers the combinations, runs those that the filter selects.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <CLI/Error.hpp>

#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "benchmarks/console.h"
#include "benchmarks/context.h"
#include "benchmarks/registry.h"
#include "benchmarks/step_fixture.h"

namespace model_search {
namespace {

/// Exit codes; the README lists them.
enum ExitCode { all_measured = 0, some_failed = 1, bad_usage = 2, nothing_matches = 3 };

bool has_flag(int argc, char** argv, const char* prefix) {
  for (int i = 1; i < argc; ++i) {
    if (std::strncmp(argv[i], prefix, std::strlen(prefix)) == 0) return true;
  }
  return false;
}

/// Google Benchmark's flags, with ours in front: one trial and one pass of our own sampler per
/// row, unless the user asks for more.
std::vector<char*> with_defaults(int argc, char** argv) {
  static char one_trial[] = "--benchmark_min_time=0";
  std::vector<char*> arguments{argv[0], one_trial};
  arguments.insert(arguments.end(), argv + 1, argv + argc);
  return arguments;
}

/// Says once which devices there are not.
void tell_devices(const Options& options) {
  for (const std::string& name : options.devices) {
    if (name != "cpu") return;
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
  const bool listing = has_flag(argc, argv, "--benchmark_list_tests") &&
                       !has_flag(argc, argv, "--benchmark_list_tests=false");
  const bool own_format = has_flag(argc, argv, "--benchmark_format") ||
                          std::getenv("BENCHMARK_FORMAT") != nullptr;
  std::vector<char*> arguments = with_defaults(argc, argv);
  int count = static_cast<int>(arguments.size());
  benchmark::Initialize(&count, arguments.data());

  Session session(parse_options(count, arguments.data()));
  const std::vector<Combination> all = combinations(session.options);
  register_combinations(all, session);
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
  tell_devices(session.options);
  session.progress.expect(chosen.size());
  add_context(session, chosen);
  Console console(::isatty(STDOUT_FILENO) == 1 ? benchmark::ConsoleReporter::OO_Color
                                               : benchmark::ConsoleReporter::OO_None);
  if (own_format) {
    benchmark::RunSpecifiedBenchmarks();
  } else {
    benchmark::RunSpecifiedBenchmarks(&console);
  }
  if (session.active != nullptr) session.active->release();
  const std::string ranking = session.ranking.table(session.candidates.random_weights());
  std::fputs(ranking.c_str(), own_format ? stderr : stdout);
  if (session.failures > 0) {
    std::fprintf(stderr, "%zu of %zu combinations failed; their rows say why.\n",
                 session.failures, chosen.size());
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
