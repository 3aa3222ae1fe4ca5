// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <functional>
#include <list>
#include <sstream>
#include <stdexcept>
#include <string_view>

#include "datasets/decoder.h"
#include "fixtures/device.h"
#include "fixtures/environment.h"
#include "fixtures/gpu_decoder.h"
#include "fixtures/models/architecture.h"
#include "fixtures/models/configuration.h"
#include "fixtures/precision.h"
#include "fixtures/probe.h"
#include "fixtures/step.h"
#include "fixtures/weights/read_method.h"

namespace model_search {
namespace {

template <typename Range, typename Name>
std::vector<std::string> names_of(const Range& rows, const Name& name) {
  std::vector<std::string> names;
  for (const auto& row : rows) names.emplace_back(name(row));
  return names;
}

const std::vector<std::string>& step_choices() {
  static const auto names = names_of(step_names, [](const auto& row) { return row.name; });
  return names;
}
std::vector<std::string> architecture_choices() {
  return names_of(architecture_table(), [](const auto& row) { return row.name; });
}
std::vector<std::string> decoder_choices() {
  auto names = names_of(decoder_table(), [](const auto& row) { return row.name; });
  for (const GpuDecoderEntry& row : gpu_decoder_table()) names.emplace_back(row.name);
  return names;
}
std::vector<std::string> precision_choices() {
  return names_of(precision_names(), [](std::string_view name) { return name; });
}
const std::vector<std::string> mode_choices{"serial", "prefetch", "overlapped"};
const std::vector<std::string> transfer_choices{"pinned", "pageable", "pinned_async"};
const std::vector<std::string> input_choices{"float32", "uint8"};
const std::vector<std::string> layout_choices{"contiguous", "channels_last"};
const std::vector<std::string> execution_choices{"eager", "cuda_graph"};
const std::vector<std::string> storage_choices{"float32", "float16", "bfloat16"};
const std::vector<std::string> page_cache_choices{"warm", "cold"};
const std::vector<std::string> split_choices{"train", "val"};
const std::vector<std::string> preset_choices{"study", "cpu"};
const std::vector<std::string> data_choices{"jpeg", "tensors", "text", "tokens"};
const std::vector<std::string> padding_choices{"fixed", "longest"};
const std::vector<std::string> pooling_choices{"cls", "pooler", "mean"};

std::string join(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

void require_choice(const std::string& flag, const std::string& value,
                    const std::vector<std::string>& choices) {
  if (std::find(choices.begin(), choices.end(), value) != choices.end()) return;
  throw std::invalid_argument("--" + flag + "=" + value + " is unknown; choices: " + join(choices));
}

void require_choices(const std::string& flag, const std::vector<std::string>& values,
                     const std::vector<std::string>& choices) {
  for (const std::string& value : values) require_choice(flag, value, choices);
}

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

void require_positive(const std::string& flag, const std::vector<std::int64_t>& values,
                      std::int64_t least = 1) {
  for (const std::int64_t value : values) {
    if (value < least) {
      throw std::invalid_argument("--" + flag + "=" + std::to_string(value) +
                                  " is too small; it must be at least " + std::to_string(least));
    }
  }
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> words;
  std::istringstream stream(text);
  for (std::string word; std::getline(stream, word, ',');) words.push_back(word);
  return words;
}

void read_list(const std::string&, const std::string& text, std::vector<std::string>& target) {
  target = split(text);
}

void read_list(const std::string& flag, const std::string& text,
               std::vector<std::int64_t>& target) {
  target.clear();
  for (const std::string& word : split(text)) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
    if (error != std::errc{} || end != word.data() + word.size()) {
      throw std::invalid_argument("--" + flag + "=" + text + ": '" + word + "' is no whole number");
    }
    target.push_back(number);
  }
}

/// A flag that takes a list, as text until all flags are read.
struct ListText {
  std::string flag;
  std::string value;
  std::function<void(const std::string&)> read;
};

/// What the flags are read into: Options, and texts that are worked out afterwards.
struct Draft {
  Options options;
  std::string preset;
  std::string cache_limit = "32GB";
  std::string precision_target;
  std::int64_t batches = 50;
  std::int64_t warmup_batches = 5;
  std::list<ListText> lists;  ///< a list: the flags hold addresses of its texts
};

void declare(CLI::App& app, Draft& draft) {
  app.set_help_flag();
  app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  Options& o = draft.options;
  // A list is one text with commas: given twice, the last one wins, as for every other flag.
  const auto list = [&app, &draft](const std::string& flag, auto& target, const std::string& help) {
    ListText& text = draft.lists.emplace_back();
    text.flag = flag;
    text.read = [flag, &target](const std::string& value) { read_list(flag, value, target); };
    app.add_option("--" + flag, text.value, help)->type_name("LIST");
  };
  list("steps", o.steps, "Steps to register: " + join(step_choices()));
  list("architectures", o.architectures, "Networks: " + join(architecture_choices()));
  app.add_option(
      "--candidates", o.candidates,
      "A zoo: JSON list of {name, architecture, weights, config, tokenizer}, in place of "
      "the bare architectures; --architectures then selects those of some architectures");
  list("configurations", o.configurations,
       "full, last_<k> (last k blocks), last_<p>pct (last p % of the blocks), joint_last_<k> or "
       "joint_last_<p>pct (several such tails after one trunk); default "
       "full,last_50pct,last_25pct,last_3,last_1,joint_last_50pct,joint_last_3");
  list("heads", o.heads, "Tails of a joint configuration; default 2");
  list("devices", o.devices, "cpu, cuda (the first GPU), cuda1, …; default: all there are");
  list("batch_sizes", o.batch_sizes,
       "Items per batch; default 1,32,128,256,512,1024 on a GPU and 1,8,32 on a CPU. common_max: "
       "the largest that fits all networks of the run, which MaxBatchSize rows find first");
  list("decoders", o.decoders,
       "Image decoders: " + join(decoder_choices()) + "; default " +
           std::string(decoder_table().front().name));
  list("data", o.data,
       "What is read: jpeg or tensors (preprocessed beforehand) for images, text or tokens "
       "(tokenised beforehand) for text; default jpeg,text");
  list("max_lengths", o.max_lengths, "Most tokens of a text, special ones included; default 512");
  list("paddings", o.paddings,
       "Texts are padded to the maximum length (fixed, the default) or to the longest of their "
       "batch (longest)");
  list("poolings", o.poolings,
       "Features of text networks: cls (class token, the default), pooler, mean (over the tokens)");
  list("workers", o.workers, "Threads that load data; default: the cores allowed");
  list("threads", o.threads, "LibTorch's threads on the CPU; default: the cores allowed");
  list("modes", o.modes, "Pipelines of EndToEnd: " + join(mode_choices));
  list("transfers", o.transfers,
       "Copies to a GPU: from pinned memory (the default), from pageable memory, or pinned_async: "
       "from pinned memory on a stream of their own, as mode=overlapped always does. LoadModel "
       "copies from pageable memory unless this flag says otherwise");
  list("reads", o.reads,
       "How LoadModel reads checkpoints: buffered (the default), mmap (copied out of a mapping) or "
       "direct (past the page cache)");
  list("inputs", o.inputs,
       "What of images travels to a GPU: float32 (normalised on the CPU, the default) or uint8 "
       "(pixels, normalised on the GPU: a quarter of the bytes)");
  list("precisions", o.precisions,
       "Arithmetic on a GPU: torch (PyTorch's default for float32: TF32 in convolutions), fp32 (no "
       "TF32), tf32 (also in matrix products), bf16, fp16");
  list("executions", o.executions,
       "How Inference gives work to a GPU: eager (kernel by kernel, the default) or cuda_graph "
       "(captured once, then replayed)");
  list("layouts", o.layouts, "Memory layout of image networks: " + join(layout_choices));
  list("storages", o.storages,
       "Element type of cached activations and tensors: " + join(storage_choices));
  list("page_caches", o.page_caches,
       "warm (files as the system keeps them, the default) or cold (the data set's pages are "
       "dropped from memory before each row, and a checkpoint's before each load)");
  list("probes", o.probes, "Proxy scores: full_batch (the study's), minibatch");
  list("classes", o.classes,
       "Class counts of Score: 0 (the data set's own, with accuracy) or balanced synthetic "
       "labels; default 0,1000,100,2");
  app.add_option("--preset", draft.preset,
                 "study: the original's set-up (prefetch, pageable copies, 8 workers, batch 32, "
                 "128, 512, 1024); cpu: CPU only, batch 1, 8, 32. Other flags refine it");
  app.add_option("--data_dir", o.data_dir,
                 "Photographs as DIR/{train,val}/<class>/*.JPEG; default: an embedded data set, "
                 "generated once");
  app.add_option("--text_dir", o.text_dir,
                 "Texts as DIR/{train,test}/{pos,neg}/*.txt; default: an embedded set, generated "
                 "once");
  app.add_option("--split", o.split, "train or val (for texts: test)");
  app.add_option("--weights_dir", o.weights_dir,
                 "Checkpoints as DIR/<architecture>.safetensors (a text network's tokenizer beside "
                 "it, as <architecture>.tokenizer); default: random weights");
  app.add_option("--features_dir", o.features_dir,
                 "Keep EndToEnd's features as DIR/<subject>.<configuration>.safetensors");
  app.add_option("--cache_dir", o.cache_dir, "Generated data, weights and activations");
  app.add_option("--memory_limit", o.memory_limit_text,
                 "MaxBatchSize: as if the device had so much, e.g. 24GB; default: a GPU's memory");
  app.add_option("--cache_limit", draft.cache_limit,
                 "Most bytes of cached activations, e.g. 500MB or 32GB (the default)");
  app.add_option("--items", o.items, "Items of EndToEnd, spread over the data set; 0: all");
  app.add_option("--batches", draft.batches, "Batches per row, warm-up included; default 50");
  app.add_option("--warmup_batches", draft.warmup_batches,
                 "The first of them, reported apart; default 5");
  app.add_flag("--kernel_span", o.kernel_span,
               "Check Inference's times on a GPU: compare events with the kernels that LibTorch's "
               "profiler (CUPTI) saw; the profiler may slow down later rows");
  app.add_flag("--interleave", o.interleave,
               "Inference: set up all rows of a network and measure them in turns, in rounds of "
               "random order (--seed), so that a drift of the machine meets all alike");
  app.add_flag("--resume", o.resume,
               "Keep the rows that --benchmark_out has and measure only those that it lacks");
  app.add_flag("--retry_failed", o.retry_failed, "With --resume: measure failed rows again");
  app.add_option("--precision_target", draft.precision_target,
                 "Measure each row until the 95 % interval of its median is so narrow (half of its "
                 "width over the median), e.g. 1%, in place of --batches; 20 batches at least");
  app.add_option("--time_budget", o.sampling.time_budget,
                 "Seconds a row may take before it ends with fewer batches; default 60");
  app.add_option("--seed", o.seed, "Seed of random weights, of the split and of the probe");
  app.add_option("--cores", o.cores, "Use only N cores for everything; 0: all allowed");
  app.add_option("--prefetch", o.prefetch,
                 "Batches read ahead where reading ahead is measured; default 4");
}

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

std::uint64_t parse_bytes(const std::string& flag, const std::string& text) {
  std::size_t end = 0;
  double value = -1;
  try {
    value = std::stod(text, &end);
  } catch (const std::exception&) {
    end = 0;
  }
  static const std::vector<std::pair<std::string, double>> units{
      {"", 1}, {"B", 1}, {"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"TB", 1e12}};
  for (const auto& [unit, factor] : units) {
    if (end > 0 && value > 0 && text.substr(end) == unit) {
      return static_cast<std::uint64_t>(value * factor);
    }
  }
  throw std::invalid_argument("--" + flag + "=" + text +
                              " is no number of bytes; write e.g. 500MB or 32GB");
}

/// A fraction above 0 and below 1, e.g. 1% or 0.01.
double parse_fraction(const std::string& flag, const std::string& text) {
  std::size_t end = 0;
  double value = 0;
  try {
    value = std::stod(text, &end);
  } catch (const std::exception&) {
    end = 0;
  }
  const std::string unit = text.substr(end);
  if (unit == "%") value /= 100;
  if (end == 0 || (!unit.empty() && unit != "%") || !(value > 0 && value < 1)) {
    throw std::invalid_argument("--" + flag + "=" + text +
                                " is no fraction between 0 and 1; write e.g. 1% or 0.01");
  }
  return value;
}

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
  require_choices("probes", options.probes, {probe_names.begin(), probe_names.end()});
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

/// The candidates: a zoo's, or one per architecture with the weights of --weights_dir or random
/// ones.
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

}  // namespace

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
