// SPDX-License-Identifier: Apache-2.0
// The program: reads the flags, and lists, explains or measures the rows that the filter selects.
#include <benchmark/benchmark.h>

#include <CLI/Error.hpp>
#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "benchmarks/grid/common_batch.h"
#include "benchmarks/grid/help.h"
#include "benchmarks/results/conclusion.h"
#include "benchmarks/results/context.h"
#include "benchmarks/results/exit_code.h"
#include "benchmarks/results/interruption.h"
#include "benchmarks/results/process_rounds.h"
#include "benchmarks/results/pulling.h"
#include "benchmarks/results/run.h"
#include "benchmarks/results/schema.h"
#include "benchmarks/results/shard_rows.h"
#include "benchmarks/results/summary.h"
#include "benchmarks/results/whole_file.h"
#include "benchmarks/workers/store_process.h"
#include "datasets/files/text_list.h"
#include "datasets/text/printable.h"
#include "fixtures/devices/device.h"
#include "fixtures/devices/gpu_decoder.h"

namespace model_search {
namespace {

/// Says once which devices there are not, and what they leave without rows.
void report_missing_devices(const Options& options) {
  if (options.of(axes().device) != Values{"cpu"}) return;
  for (const std::string& name : options.words(axes().decoder)) {
    if (!is_gpu_decoder(name)) continue;
    std::fprintf(stderr, "--decoders=%s has no rows: it decodes on a GPU, and none is measured.\n",
                 name.c_str());
  }
  for (const std::string& name : options.words(axes().execution)) {
    if (name != "cuda_graph" && name != "fused_graph") continue;
    std::fprintf(
        stderr,
        "--executions=%s has no rows of Inference: graphs need a GPU, and none is measured; "
        "use eager or fused.\n",
        name.c_str());
  }
  const Values& caches = options.of(axes().cache);
  if (std::ranges::find(caches, Value("device")) != caches.end()) {
    std::fprintf(stderr,
                 "--caches=device has no rows because no GPU is measured; use --caches=host.\n");
  }
  if (available_devices().size() > 1) return;
#ifdef MODEL_SEARCH_WITHOUT_CUDA
  std::fprintf(stderr, "This program was built without CUDA: GPU rows are not registered.\n");
#else
  std::fprintf(stderr, "No CUDA device is visible: GPU rows are not registered.\n");
#endif
}

/// Names the candidates of the zoo that the flags leave without a row.
void report_missing_candidates(const Options& options, const Combinations& rows) {
  if (!options.left_out.empty()) {
    note("--architectures=" + joined(options.of(axes().architecture)) + " leaves out " +
         std::to_string(options.left_out.size()) + " of " +
         std::to_string(options.left_out.size() + options.zoo.size()) +
         " candidates of the zoo: " + first_ten(options.left_out));
  }
  std::set<std::string> measured;
  for (const Combination& row : rows) {
    const std::vector<std::string> names = candidates_of(row, options);
    measured.insert(names.begin(), names.end());
  }
  if (measured.empty()) return;  // Steps without a candidate.
  std::vector<std::string> missing;
  for (const ZooEntry& entry : options.zoo) {
    if (!measured.contains(entry.name)) missing.push_back(entry.name);
  }
  if (missing.empty()) return;
  note("The flags leave no row for " + first_ten(missing) +
       ": none of their values applies there.");
}

/// Throws std::invalid_argument where flags of ours and of Google Benchmark's do not go together.
void check_together(const Options& options, const BenchmarkFlags& flags) {
  if (options.resume && flags.out.empty()) {
    throw std::invalid_argument("--resume needs --benchmark_out=FILE.json, whose rows it keeps");
  }
  if (options.retry_failed && !options.resume) {
    throw std::invalid_argument(
        "--retry_failed needs --resume: without it, every row is measured anyway");
  }
  if ((options.resume || options.processes > 1) && !flags.out.empty() && is_stream(flags.out)) {
    throw std::invalid_argument("--benchmark_out=" + flags.out +
                                " is a stream, which cannot be read again; --resume and "
                                "--processes need a file");
  }
  if (options.interleave && !flags.repetitions.empty() && flags.repetitions != "1") {
    throw std::invalid_argument(
        "--interleave measures in rounds of its own: leave out --benchmark_repetitions=" +
        flags.repetitions);
  }
  check_processes(options, flags);
}

/// The rows of an earlier run that --resume keeps. Throws where it was another kind of run.
EarlierResults read_earlier(const Options& options, const BenchmarkFlags& flags,
                            const Facts& facts) {
  if (!options.resume) return {};
  EarlierResults earlier = read_earlier_results(flags.out, options.retry_failed);
  for (const auto& [name, value] : earlier.context) {
    if (name != "processes") continue;
    throw std::invalid_argument("--resume: '" + flags.out + "' has merged rows of --processes=" +
                                value + "; give that flag as well");
  }
  require_same_facts(earlier, facts, flags.out);
  require_same_repetitions(earlier, flags.repetition_count(), flags.out);
  return earlier;
}

/// What follows from all rows, resumed ones included: the common batch size, and the conclusion.
void report_conclusions(Session& session, const Plan& plan, const RunResult& result,
                        const BenchmarkFlags& flags) {
  std::FILE* stream = flags.display.empty() || flags.display == "console" ? stdout : stderr;
  const Combinations& searches = session.options.common_max ? plan.searches : plan.rows;
  std::fputs(describe_common_batch(searches, largest_batches(result.outcomes)).c_str(), stream);
  const std::string text = conclusion(result.outcomes, result.rows, session.candidates.all_random(),
                                      flags.out.empty() ? "" : printable(flags.out));
  std::fputs(text.c_str(), stream);
}

int list_rows(Session& session, const Combinations& rows) {
  RunState run(session);
  register_rows(rows, run);
  benchmark::RunSpecifiedBenchmarks();
  return all_measured;
}

/// Every flag, Google Benchmark's included.
int explain_all(char** argv) {
  std::printf("%s\nGoogle Benchmark's flags:\n", options_help().c_str());
  std::fflush(stdout);
  static char help[] = "--help";
  std::array<char*, 3> arguments{argv[0], help, nullptr};
  int count = 2;
  benchmark::Initialize(&count, arguments.data());  // Prints its own and exits.
  return all_measured;
}

int code_of(const RunResult& result) {
  if (result.end == RunEnd::interrupted) return was_interrupted;
  if (result.end == RunEnd::not_written) return not_written;
  return result.failures > 0 ? some_failed : all_measured;
}

int run(int argc, char** argv) {
  if (has_flag(argc, argv, "--schema")) {
    std::puts(schema().c_str());
    return all_measured;
  }
  if (has_flag(argc, argv, "--help-all")) return explain_all(argv);
  if (has_flag(argc, argv, "--help") || has_flag(argc, argv, "-h")) {
    std::fputs(short_help().c_str(), stdout);
    return all_measured;
  }
  const std::vector<std::string> command(argv, argv + argc);
  BenchmarkFlags flags = read_benchmark_flags(argc, argv);
  std::string executable = printable(flags.rest.front());
  flags.rest.front() = executable.data();  // Google Benchmark writes it into the context.
  int count = static_cast<int>(flags.rest.size());
  benchmark::Initialize(&count, flags.rest.data());

  Session session(parse_options(count, flags.rest.data()));
  const Shard& shard = session.options.shard;
  if (!shard.pulls) {
    flags.out = output_of_shard(flags.out, shard);
    flags.table_out = output_of_shard(flags.table_out, shard);
  }
  if (!shard.whole()) exit_on_signals(was_interrupted);
  check_together(session.options, flags);
  if (session.options.processes > 1 && !flags.list_rows) {
    return measure_in_processes(command, session.options, flags);
  }
  const Combinations all = combinations(session);
  if (!flags.list_rows) report_missing_devices(session.options);
  report_missing_candidates(session.options, all);
  const std::string filter = benchmark::GetBenchmarkFilter();
  Plan plan{.searches = {}, .rows = filtered(all, filter)};
  if (plan.rows.empty()) {
    note(all.empty() ? "The flags leave no combinations: nothing to measure."
                     : "Nothing matches --benchmark_filter=" + filter + " among " +
                           std::to_string(all.size()) +
                           " combinations; --benchmark_list_tests shows their names.");
    return nothing_matches;
  }
  Facts dealt;
  std::unique_ptr<PulledRows> pulled;
  if (!shard.whole()) {
    ShardRows own = rows_of_shard(plan.rows, session.options);
    plan.rows = std::move(own.rows);
    if (flags.list_rows) return list_rows(session, plan.rows);
    if (shard.pulls) pulled = join_workers(session.options, plan.rows, own.deal, flags);
    own.deal.report(flags.out);
    if (plan.rows.empty()) return all_measured;
    dealt = own.deal.facts();
  }
  if (flags.list_rows) return list_rows(session, all);

  Facts facts = describe_run(session, plan.rows);
  facts.insert(facts.end(), dealt.begin(), dealt.end());
  for (const auto& [name, value] : facts) benchmark::AddCustomContext(name, value);
  EarlierResults earlier = read_earlier(session.options, flags, facts);
  std::size_t there = earlier.names.size();
  if (pulled) {
    pulled->agree(facts_of_workers(facts, session.options, flags.out));
    const std::set<std::string> done = rows_of_workers(session.options, flags.out, facts);
    pulled->note_done(done);
    there = done.size();
  }
  if (session.options.common_max) {
    plan.searches =
        batch_searches(plan.rows, session.options, step_of(Step::max_batch_size).rows.axes);
  }
  const std::size_t all_rows = plan.rows.size() + plan.searches.size();
  if (session.options.resume) {
    std::fprintf(stderr, "%zu of %zu rows are there already.\n", there, all_rows);
  }
  RunResult result;
  result.failures = earlier.failures;
  if (pulled || session.options.common_max || plan.missing(earlier.names) > 0) {
    result = measure(session, plan, flags, std::move(earlier),
                     summarize_run(facts, all_rows, flags.out), command, pulled.get());
  } else {
    for (const std::string& row : earlier.rows) add_outcomes(result.outcomes, row);
    result.rows = plan.rows;
  }
  report_conclusions(session, plan, result, flags);
  if (result.failures > 0) {
    std::fprintf(stderr, "%zu of %zu combinations failed; their rows say why.\n", result.failures,
                 result.rows.size());
  }
  return code_of(result);
}

}  // namespace
}  // namespace model_search

int main(int argc, char** argv) {
  try {
    if (model_search::is_store_process(argc, argv)) return model_search::serve_store(argc, argv);
    model_search::end_on_signals();
    model_search::set_cuda_connections();
    return model_search::run(argc, argv);
  } catch (const CLI::ParseError& error) {
    model_search::note(std::string(error.what()) + " (--help lists the flags)");
  } catch (const model_search::StoreError& error) {
    // A store that has ended can be started again, with --resume.
    model_search::note(error.what());
    return model_search::was_interrupted;
  } catch (const std::exception& error) {
    model_search::note(error.what());
  }
  return model_search::bad_usage;
}
