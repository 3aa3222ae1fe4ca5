// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "benchmarks/grid/axis.h"
#include "benchmarks/grid/combination.h"

namespace model_search {

/// What the rows of the table of axes (axes.h) say in more than a word: choices, checks, defaults
/// that depend on the machine, and which rows have an axis.
namespace axis_rules {

std::vector<std::string> steps();
std::vector<std::string> architectures();
/// All that there are, also those that this build lacks.
std::vector<std::string> decoders();
std::vector<std::string> precisions();
std::vector<std::string> probes();
std::vector<std::string> reads();
std::vector<std::string> storages();
std::vector<std::string> caches();
std::vector<std::string> modes();
std::vector<std::string> transfers();
std::vector<std::string> poolings();
void check_configuration(const std::string& name);
/// The feature size that stands for the candidate's own features.
inline constexpr const char* network_features = "network";
void check_feature_size(const std::string& name);
void check_device(const std::string& name);
std::string device_name(const std::string& name);
Values default_steps(const Machine& machine);
Values default_decoders(const Machine& machine);
/// Stands for the default until it is chosen row by row (cache_choice.h).
Values slowest_cache(const Machine& machine);
Values all_devices(const Machine& machine);
inline Values all_cores(const Machine& machine) {
  return {machine.cores};
}

bool reads_items(const Combination& row);
bool has_form(const Combination& row, const Options& options);
bool keeps_values(const Combination& row, const Options& options);
bool takes_feature_size(const Combination& row, const Value& value, const Options& options);
bool takes_decoder(const Combination& row, const Value& value, const Options& options);
bool takes_cache(const Combination& row, const Value& value, const Options& options);
bool copies_batches(const Combination& row, const Options& options);
bool takes_transfer(const Combination& row, const Value& value, const Options& options);
bool has_memory_limit(const Combination& row, const Options& options);
Values data_of(const Combination& row, const Options& options);
Values tokenizers(const Combination& row, const Options& options);
/// Workers that decode next to a GPU leave a core to the thread that feeds it and one to the thread
/// that runs the network: with 14 of 16 cores a search of ResNet-18 extracted 24,000 images/s on an
/// H200, with 16 of them 16,000 (one run each).
Values workers(const Combination& row, const Options& options);
/// Only Inference captures graphs. A search would capture one for every candidate (0.06 s for
/// ResNet-18), and at batch 128 its fused network was as fast without it (both on one H200). Other
/// steps run without graphs. Searches in 16 bits are fused by default.
Values executions(const Combination& row, const Options& options);

inline bool images(const Combination& row, const Options&) {
  return row.input == "images";
}
inline bool text(const Combination& row, const Options&) {
  return row.input == "text";
}
inline bool gpu(const Combination& row, const Options&) {
  return row.on_gpu();
}
inline bool cpu(const Combination& row, const Options&) {
  return !row.on_gpu();
}
inline bool has_trunk(const Combination& row, const Options&) {
  return row.configuration != "full";
}
inline bool joint(const Combination& row, const Options&) {
  return row.configuration.starts_with("joint_");
}
/// A CPU has no graphs.
inline bool takes_execution(const Combination& row, const Value& value, const Options&) {
  return row.on_gpu() || value == Value("eager") || value == Value("fused");
}

}  // namespace axis_rules

}  // namespace model_search
