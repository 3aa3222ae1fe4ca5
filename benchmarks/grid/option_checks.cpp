// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/grid/option_checks.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "benchmarks/grid/option_choices.h"
#include "benchmarks/grid/option_values.h"
#include "datasets/images/decoder.h"
#include "fixtures/devices/device.h"
#include "fixtures/models/configuration.h"
#include "fixtures/searching/scores/score_table.h"
#include "fixtures/weights/read_method.h"

namespace model_search {
namespace {

/// As require_choices(), and says why a decoder that this project knows is not there.
void require_decoders(const std::vector<std::string>& names) {
  try {
    require_choices("decoders", names, decoder_choices());
  } catch (const std::invalid_argument& error) {
    std::string message = error.what();
    for (const std::string& missing : missing_decoders()) message += "; not built: " + missing;
    throw std::invalid_argument(message);
  }
}

}  // namespace

void check(const Options& options) {
  require_choices("steps", options.steps, step_choices());
  require_choices("architectures", options.architectures, architecture_choices());
  require_decoders(options.decoders);
  require_choices("data", options.data, data_choices);
  require_choices("paddings", options.paddings, padding_choices);
  require_choices("poolings", options.poolings, pooling_choices);
  require_positive("heads", options.heads, 2);
  require_positive("max_lengths", options.max_lengths, 3);
  require_choices("modes", options.modes, mode_choices);
  require_choices("transfers", options.transfers, transfer_choices);
  require_choices("reads", options.reads, {read_method_names.begin(), read_method_names.end()});
  require_choices("inputs", options.inputs, input_choices);
  require_choices("executions", options.executions, execution_choices);
  require_choices("layouts", options.layouts, layout_choices);
  require_choices("storages", options.storages, storage_choices);
  require_choices("page_caches", options.page_caches, page_cache_choices);
  require_choices("precisions", options.precisions, precision_choices());
  require_choices("probes", options.probes, score_names());
  require_choice("split", options.split, split_choices);
  for (const std::string& name : options.configurations) (void)Configuration::parse(name);
  for (const std::string& name : options.devices) (void)find_device(name);
  require_positive("batch_sizes", options.batch_sizes);
  require_positive("workers", options.workers);
  require_positive("threads", options.threads);
  require_positive("items", {options.items}, 0);
  require_positive("prefetch", {options.prefetch});
  for (const std::int64_t classes : options.classes) {
    if (classes != 0) require_positive("classes", {classes}, 2);
  }
  if (options.common_max && options.memory_limit == 0 &&
      std::find(options.devices.begin(), options.devices.end(), "cpu") != options.devices.end()) {
    throw std::invalid_argument(
        "--batch_sizes=common_max: on a CPU a limit decides; give --memory_limit, e.g. 2GB, or "
        "leave the CPU out of --devices");
  }
  if (!(options.sampling.time_budget > 0)) {
    throw std::invalid_argument("--time_budget must be a positive number of seconds");
  }
}

void find_candidates(Options& options) {
  std::vector<std::string>& chosen = options.architectures;
  if (options.candidates.empty()) {
    if (chosen.empty()) chosen = architecture_choices();
    for (const std::string& name : chosen) {
      ZooEntry entry{.name = name, .architecture = name, .seed = options.seed};
      if (!options.weights_dir.empty()) {
        entry.weights = options.weights_dir / (name + ".safetensors");
      }
      options.zoo.push_back(std::move(entry));
    }
    return;
  }
  if (!options.weights_dir.empty()) {
    throw std::invalid_argument(
        "--weights_dir and --candidates exclude each other: a zoo names its files");
  }
  for (ZooEntry& entry : read_zoo(options.candidates, options.seed)) {
    if (chosen.empty() ||
        std::find(chosen.begin(), chosen.end(), entry.architecture) != chosen.end()) {
      options.zoo.push_back(std::move(entry));
    }
  }
  if (options.zoo.empty()) {
    throw std::invalid_argument("--candidates=" + options.candidates.string() +
                                " has no candidate of --architectures=" + join(chosen));
  }
}

}  // namespace model_search
