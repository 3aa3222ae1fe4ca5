// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/grid/option_defaults.h"

#include <cstdlib>
#include <filesystem>
#include <utility>

#include "benchmarks/grid/option_choices.h"
#include "benchmarks/grid/option_values.h"
#include "datasets/images/decoder.h"
#include "fixtures/devices/device.h"
#include "fixtures/devices/environment.h"
#include "fixtures/measuring/step.h"

namespace model_search {
namespace {

/// The folder for generated data, weights and activations when --cache_dir is not given:
/// $XDG_CACHE_HOME/model-search-bench, else ~/.cache/model-search-bench.
std::filesystem::path default_cache_directory() {
  const char* cache = std::getenv("XDG_CACHE_HOME");
  if (cache != nullptr && *cache != '\0') {
    return std::filesystem::path(cache) / "model-search-bench";
  }
  const char* home = std::getenv("HOME");
  const std::filesystem::path base = home != nullptr && *home != '\0'
                                         ? std::filesystem::path(home) / ".cache"
                                         : std::filesystem::temp_directory_path();
  return base / "model-search-bench";
}

}  // namespace

void apply_preset(const std::string& preset, Options& options) {
  if (preset.empty()) return;
  require_choice("preset", preset, preset_choices);
  const auto unless_given = [](auto& target, auto value) {
    if (target.empty()) target = std::move(value);
  };
  using Words = std::vector<std::string>;
  using Numbers = std::vector<std::int64_t>;
  if (preset == "study") {
    unless_given(options.modes, Words{"prefetch"});
    unless_given(options.transfers, Words{"pageable"});
    unless_given(options.workers, Numbers{8});
    unless_given(options.batch_sizes, Numbers{32, 128, 512, 1024});
  } else {
    unless_given(options.devices, Words{"cpu"});
    unless_given(options.batch_sizes, Numbers{1, 8, 32});
  }
}

void fill_defaults(Options& options) {
  const auto cores = static_cast<std::int64_t>(
      options.cores > 0 ? static_cast<std::size_t>(options.cores) : cores_allowed());
  const auto unless_given = [](auto& target, auto value) {
    if (target.empty()) target = std::move(value);
  };
  using Words = std::vector<std::string>;
  using Numbers = std::vector<std::int64_t>;
  if (options.steps.empty()) {
    options.steps = step_choices();
    // Questions of their own about a network: only where they are asked.
    std::erase(options.steps, step_name(Step::max_batch_size).name);
    std::erase(options.steps, step_name(Step::blocks).name);
  }
  unless_given(options.configurations, Words{"full", "last_50pct", "last_25pct", "last_3", "last_1",
                                             "joint_last_50pct", "joint_last_3"});
  unless_given(options.heads, Numbers{2});
  unless_given(options.data, Words{"jpeg", "text"});
  unless_given(options.max_lengths, Numbers{512});
  unless_given(options.paddings, Words{"fixed"});
  unless_given(options.poolings, Words{"cls"});
  unless_given(options.decoders, Words{std::string(decoder_table().front().name)});
  options.default_workers = options.workers.empty();
  unless_given(options.workers, Numbers{cores});
  unless_given(options.threads, Numbers{cores});
  unless_given(options.modes, mode_choices);
  options.default_transfers = options.transfers.empty();
  unless_given(options.transfers, Words{"pinned"});
  unless_given(options.reads, Words{"buffered"});
  unless_given(options.inputs, Words{"float32"});
  unless_given(options.executions, Words{"eager"});
  unless_given(options.layouts, Words{"contiguous"});
  unless_given(options.storages, Words{"float32"});
  unless_given(options.page_caches, Words{"warm"});
  unless_given(options.precisions, Words{"torch"});
  unless_given(options.probes, Words{"full_batch"});
  unless_given(options.classes, Numbers{0, 1000, 100, 2});
  if (options.devices.empty()) {
    for (const Device& device : available_devices()) options.devices.push_back(device.name);
  }
  if (options.cache_dir.empty()) options.cache_dir = default_cache_directory();
  if (options.prefetch == 0) options.prefetch = 4;
}

}  // namespace model_search
