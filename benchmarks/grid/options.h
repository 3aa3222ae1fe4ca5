// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

#include "datasets/generated/default_dataset.h"
#include "datasets/generated/default_text.h"
#include "fixtures/measuring/sampler.h"
#include "fixtures/searching/zoo.h"

namespace model_search {

/// Every flag of the program beside Google Benchmark's own. The lists are the axes of the product
/// of combinations.
struct Options {
  std::vector<std::string> steps;
  std::vector<std::string> architectures;  ///< empty: all (with --candidates: those of the zoo)
  std::vector<ZooEntry> zoo;               ///< the candidates, from --candidates or architectures
  std::vector<std::string> configurations;
  std::vector<std::string> devices;       ///< empty: all there are
  std::vector<std::int64_t> batch_sizes;  ///< empty: the contract's, by device
  std::vector<std::string> decoders;
  std::vector<std::int64_t> workers;  ///< threads of the loader
  bool default_workers = false;       ///< their number was not given
  std::vector<std::int64_t> threads;  ///< of LibTorch on the CPU
  std::vector<std::string> modes;     ///< of EndToEnd
  std::vector<std::string> transfers;
  bool default_transfers = false;   ///< they were not given
  std::vector<std::string> reads;   ///< of checkpoints: buffered, mmap, direct
  std::vector<std::string> inputs;  ///< what of images travels to a GPU: float32, uint8
  std::vector<std::string> precisions;
  std::vector<std::string> executions;   ///< of networks on a GPU: eager, cuda_graph
  std::vector<std::string> layouts;      ///< contiguous, channels_last
  std::vector<std::string> storages;     ///< element types of cached activations and tensors
  std::vector<std::string> page_caches;  ///< warm, cold
  std::vector<std::string> probes;
  std::vector<std::int64_t> classes;      ///< of Score beside the data set's own (0)
  std::vector<std::int64_t> heads;        ///< of joint configurations
  std::vector<std::string> data;          ///< jpeg, tensors, text, tokens
  std::vector<std::int64_t> max_lengths;  ///< of texts, in tokens
  std::vector<std::string> paddings;      ///< of texts: fixed, longest
  std::vector<std::string> poolings;      ///< of text networks: cls, pooler, mean

  std::filesystem::path data_dir;    ///< photographs; empty: the embedded default data set
  std::filesystem::path text_dir;    ///< texts; empty: the embedded default text set
  std::filesystem::path candidates;  ///< a zoo file; empty: the architectures themselves
  std::string split = "train";
  std::filesystem::path cache_dir;
  std::filesystem::path weights_dir;   ///< empty: random weights
  std::filesystem::path features_dir;  ///< empty: features are not kept
  std::int64_t items = 0;              ///< of EndToEnd; 0: all
  std::uint64_t memory_limit = 0;      ///< bytes of MaxBatchSize; 0: the device's
  std::string memory_limit_text;       ///< as it was given, for names
  std::uint64_t cache_limit = 0;       ///< bytes of cached activations
  std::uint64_t seed = 0;              ///< of random weights, split and probe
  std::int64_t cores = 0;              ///< 0: all that are allowed
  std::int64_t prefetch = 0;           ///< batches read ahead in mode=prefetch and LoadData
  Sampling sampling;
  bool kernel_span = false;   ///< check Inference's events against the profiler
  bool interleave = false;    ///< measure the rows of a network in random rounds
  bool common_max = false;    ///< the batch size is the largest that fits all rows
  bool resume = false;        ///< keep the rows of --benchmark_out and measure only what is missing
  bool retry_failed = false;  ///< with resume: measure failed rows again
  DefaultDataset default_dataset;
  DefaultText default_text;
};

/// Reads the flags that Google Benchmark left over. Throws CLI::ParseError for unknown flags and
/// malformed numbers, std::invalid_argument that names the flag, the value and the choices for a
/// value that is not among them. `--help` is not read here.
[[nodiscard]] Options parse_options(int argc, const char* const* argv);

/// The help text of these flags.
[[nodiscard]] std::string options_help();

}  // namespace model_search
