// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/grid/axis_rules.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <stdexcept>

#include "benchmarks/grid/axes.h"
#include "benchmarks/grid/options.h"
#include "datasets/images/decoder.h"
#include "fixtures/devices/device_set.h"
#include "fixtures/devices/gpu_decoder.h"
#include "fixtures/devices/precision.h"
#include "fixtures/models/architecture.h"
#include "fixtures/models/configuration.h"
#include "fixtures/models/text_config.h"
#include "fixtures/searching/cache_tier.h"
#include "fixtures/searching/extraction.h"
#include "fixtures/searching/scores/score_table.h"
#include "fixtures/searching/scores/synthetic_data.h"
#include "fixtures/weights/read_method.h"

namespace model_search {

namespace axis_rules {
namespace {

using Words = std::vector<std::string>;

template <typename Range, typename Name>
Words names_of(const Range& rows, const Name& name) {
  Words names;
  for (const auto& row : rows) names.emplace_back(name(row));
  return names;
}

Values values_of(const Words& words) {
  return {words.begin(), words.end()};
}

bool holds(const Values& values, const char* word) {
  return std::find(values.begin(), values.end(), Value(word)) != values.end();
}

bool decodes_on_a_gpu(const Combination& row) {
  return row.has(axes().decoder) && is_gpu_decoder(row.word(axes().decoder));
}

}  // namespace

Words steps() {
  return names_of(step_names, [](const auto& row) { return row.name; });
}

Words architectures() {
  return names_of(architecture_table(), [](const auto& row) { return row.name; });
}

Words decoders() {
  Words names;
  for (const DecoderEntry& row : decoder_table()) names.emplace_back(row.name);
  for (const GpuDecoderEntry& row : gpu_decoder_table()) names.emplace_back(row.name);
  return names;
}

Words precisions() {
  return names_of(precision_names(), [](std::string_view name) { return name; });
}

Words probes() {
  return score_names();
}

Words reads() {
  return {read_method_names.begin(), read_method_names.end()};
}

Words storages() {
  return names_of(std::array{Element::float32, Element::float16, Element::bfloat16},
                  [](Element element) { return name_of(element); });
}

Words caches() {
  return cache_tier_names();
}

Words modes() {
  return mode_names();
}

Words transfers() {
  return transfer_names();
}

Words poolings() {
  return pooling_names();
}

void check_configuration(const std::string& name) {
  (void)Configuration::parse(name);
}

void check_feature_size(const std::string& name) {
  if (name == network_features) return;
  try {
    (void)FeatureSize::parse(name);
  } catch (const std::invalid_argument& error) {
    throw std::invalid_argument(std::string(error.what()) + ", or " + network_features);
  }
}

void check_device(const std::string& name) {
  (void)DeviceSet::parse(name);
}

std::string device_name(const std::string& name) {
  return DeviceSet::parse(name).name();
}

Values default_steps(const Machine&) {
  Values values;
  for (const StepName& step : step_names) {
    if (!step.on_request) values.emplace_back(std::string(step.name));
  }
  return values;
}

Values default_decoders(const Machine&) {
  return {default_decoder()};
}

Values slowest_cache(const Machine&) {
  return {std::string(name_of(CacheTier::disk))};
}

Values all_devices(const Machine&) {
  return values_of(names_of(available_devices(), [](const Device& device) { return device.name; }));
}

bool reads_items(const Combination& row) {
  return row.configuration.empty() || Configuration::parse(row.configuration).reads_items();
}

bool takes_decoder(const Combination& row, const Value& value, const Options&) {
  if (!is_gpu_decoder(std::get<std::string>(value))) return true;
  // A GPU decodes files, not what was prepared before or what a trunk computed.
  return row.on_gpu() && reads_items(row) && !prepared(row);
}

bool takes_feature_size(const Combination& row, const Value& value, const Options&) {
  return value == Value(network_features) || row.number(axes().classes) > 0;
}

bool has_form(const Combination& row, const Options&) {
  if (row.input != "images" || decodes_on_a_gpu(row) || !reads_items(row)) return false;
  return row.step == Step::load_data || row.on_gpu();
}

bool keeps_values(const Combination& row, const Options&) {
  return (prepared(row) && row.input == "images" && row.is(axes().input, "float32")) ||
         row.step == Step::write_activations || !reads_items(row);
}

bool takes_cache(const Combination& row, const Value& value, const Options&) {
  const CacheTier tier = find_cache_tier(std::get<std::string>(value));
  if (tier == CacheTier::disk) return true;
  // Memory is never cold, and a CPU has no memory besides the host's.
  return row.is(axes().page_cache, "warm") && (row.on_gpu() || tier == CacheTier::host);
}

bool copies_batches(const Combination& row, const Options&) {
  return row.on_gpu() && !decodes_on_a_gpu(row);
}

bool takes_transfer(const Combination& row, const Value& value, const Options& options) {
  // Overlapped copies always have a stream of their own: they are measured once, as `pinned`.
  return !(value == Value("pinned_async") && row.has(axes().mode) &&
           row.is(axes().mode, "overlapped") && holds(options.of(axes().transfer), "pinned"));
}

bool has_memory_limit(const Combination&, const Options& options) {
  return !options.of(axes().memory_limit).empty();
}

Values data_of(const Combination& row, const Options& options) {
  const Words known = row.input == "text" ? Words{"text", "tokens"} : Words{"jpeg", "tensors"};
  Values values;
  for (const Value& value : options.of(axes().data)) {
    if (value == Value(known[0]) || value == Value(known[1])) values.push_back(value);
  }
  return values.empty() ? Values{known[0]} : values;
}

Values tokenizers(const Combination&, const Options& options) {
  Values kinds;
  for (const ZooEntry& entry : options.zoo) {
    const Architecture* known = known_architecture(entry.architecture);
    const std::string kind = known != nullptr ? known->tokens.tokenizer : "";
    if (!kind.empty() && std::find(kinds.begin(), kinds.end(), Value(kind)) == kinds.end()) {
      kinds.emplace_back(kind);
    }
  }
  return kinds;
}

Values workers(const Combination& row, const Options& options) {
  const bool shared = row.has(axes().decoder) && decodes_with_workers(row.word(axes().decoder));
  if (!shared || options.given.at(&axes().workers)) return options.of(axes().workers);
  return {std::max<std::int64_t>(1, options.number(axes().workers) - 2)};
}

Values executions(const Combination& row, const Options& options) {
  if (row.step == Step::inference) return options.of(axes().execution);
  const bool narrow = row.is(axes().precision, "bf16") || row.is(axes().precision, "fp16");
  if (!options.given.at(&axes().execution)) {
    const bool searches = row.step == Step::end_to_end || row.step == Step::search;
    return {searches && narrow ? "fused" : "eager"};
  }
  Values values;
  for (const Value& value : options.of(axes().execution)) {
    const bool fused = value == Value("fused") || value == Value("fused_graph");
    const Value plain = fused ? "fused" : "eager";
    if (std::find(values.begin(), values.end(), plain) == values.end()) values.push_back(plain);
  }
  return values;
}

}  // namespace axis_rules

}  // namespace model_search
