// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/grid/options.h"

#include <CLI/CLI.hpp>
#include <utility>

#include "benchmarks/grid/option_checks.h"
#include "benchmarks/grid/option_defaults.h"
#include "benchmarks/grid/option_flags.h"
#include "benchmarks/grid/option_values.h"
#include "fixtures/devices/environment.h"

namespace model_search {

Options parse_options(int argc, const char* const* argv) {
  Draft draft;
  CLI::App app;
  declare(app, draft);
  app.parse(argc, argv);
  Options& options = draft.options;
  for (ListText& list : draft.lists) {
    if (list.flag == "batch_sizes" && list.value == "common_max") {
      options.common_max = true;
      list.value = "1";  // Until the searches have found it.
    }
    if (!list.value.empty()) list.read(list.value);
  }
  require_positive("batches", {draft.batches});
  require_positive("warmup_batches", {draft.warmup_batches}, 0);
  require_positive("cores", {options.cores}, 0);
  options.sampling.batches = static_cast<std::size_t>(draft.batches);
  options.sampling.warmup_batches = static_cast<std::size_t>(draft.warmup_batches);
  if (!draft.precision_target.empty()) {
    options.sampling.precision_target = parse_fraction("precision_target", draft.precision_target);
  }
  if (!options.memory_limit_text.empty()) {
    options.memory_limit = parse_bytes("memory_limit", options.memory_limit_text);
  }
  options.cache_limit = parse_bytes("cache_limit", draft.cache_limit);
  apply_preset(draft.preset, options);
  // Before the defaults that depend on the number of cores, and before any thread starts.
  if (options.cores > 0) limit_cores(static_cast<std::size_t>(options.cores));
  fill_defaults(options);
  check(options);
  find_candidates(options);
  return std::move(draft.options);
}

std::string options_help() {
  Draft draft;
  CLI::App app("Measures each step of a search through pre-trained networks.");
  declare(app, draft);
  return app.help("model_search_bench");
}

}  // namespace model_search
