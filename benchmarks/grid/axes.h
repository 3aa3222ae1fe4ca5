// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <utility>

#include "benchmarks/grid/axis.h"
#include "benchmarks/grid/axis_rules.h"
#include "benchmarks/grid/combination.h"
#include "fixtures/devices/allocator.h"
#include "fixtures/searching/zoo_search/zoo_plan.h"

namespace model_search {

/// The table of axes, and the only place that knows them. A new axis is a row here, and its name in
/// the list of the steps that have it (benchmarks/steps/).
/// Threads that a system surely starts, and more than any of today's machines has cores.
inline constexpr std::int64_t most_threads = 4096;

class Axes {
  // A deque: its rows stay where they are, and combinations refer to them.
  std::deque<Axis> rows_;
  const Axis& add(Axis row) { return rows_.emplace_back(std::move(row)); }

 public:
  [[nodiscard]] const std::deque<Axis>& all() const { return rows_; }

  const Axis& step = add({.flag = "steps",
                          .key = "step",
                          .help = "Steps to register",
                          .shown = Shown::part,
                          .choices = axis_rules::steps,
                          .rule = axis_rules::default_steps,
                          .rule_text = "the steps of a search"});
  const Axis& architecture =
      add({.flag = "architectures",
           .key = "subject",
           .help = "Networks; with --candidates, the candidates of these architectures",
           .affects = affects_features | affects_memory,
           .shown = Shown::part,
           .choices = axis_rules::architectures,
           .rule = [](const Machine&) { return Values{}; },
           .rule_text = "all"});
  const Axis& configuration =
      add({.flag = "configurations",
           .key = "configuration",
           .help = "full, last_<k> (the last k blocks), last_<p>pct (the last p % of the blocks), "
                   "joint_last_<k> or joint_last_<p>pct (several such tails after one trunk)",
           .affects = affects_memory | affects_loading,
           .shown = Shown::part,
           .check = axis_rules::check_configuration,
           .standard = {"full", "last_50pct", "last_25pct", "last_3", "last_1", "joint_last_50pct",
                        "joint_last_3"},
           .place = [](Combination& row, const Value& value) {
             row.configuration = std::get<std::string>(value);
           }});
  const Axis& heads = add({.flag = "heads",
                           .key = "heads",
                           .help = "Number of tails of a joint configuration",
                           .affects = affects_memory,
                           .numbers = true,
                           .least = 2,
                           .standard = {std::int64_t{2}},
                           .applies = axis_rules::joint});
  const Axis& device = add({.flag = "devices",
                            .key = "device",
                            .help = "cpu, cuda (the first GPU), cuda1, …; a set of devices that "
                                    "divide one Search or EndToEnd among them: cuda:all, cuda:0+1 "
                                    "(GPUs by their numbers), cpu:2 (the cores in two parts)",
                            .affects = affects_features | affects_memory | affects_loading,
                            .shown = Shown::part,
                            .check = axis_rules::check_device,
                            .spelled = axis_rules::device_name,
                            .rule = axis_rules::all_devices,
                            .rule_text = "all that are visible",
                            .place = [](Combination& row, const Value& value) {
                              row.device = std::get<std::string>(value);
                            }});
  const Axis& batch =
      add({.flag = "batch_sizes",
           .key = "batch",
           .help = "Items per batch. common_max: the largest that fits all networks of the run, "
                   "which MaxBatchSize rows find first",
           .affects = affects_memory | affects_loading,
           .shown = Shown::part,
           .numbers = true,
           .rule = [](const Machine&) { return Values{}; },
           .rule_text = "1,32,128,256,512,1024 on a GPU and 1,8,32 on a CPU; 128 and 8 for the "
                        "steps that take one size",
           .place = [](Combination& row,
                       const Value& value) { row.batch = std::get<std::int64_t>(value); }});

  // How items are loaded.
  const Axis& data =
      add({.flag = "data",
           .key = "data",
           .help = "What the loader reads: jpeg or tensors (preprocessed beforehand) for images, "
                   "text or tokens (tokenized beforehand) for text",
           .affects = affects_loading,
           .choices =
               [] {
                 return std::vector<std::string>{"jpeg", "tensors", "text", "tokens"};
               },
           .standard = {"jpeg", "text"},
           .values = axis_rules::data_of,
           .unnamed = [](const Value& value) { return value == Value("text"); }});
  const Axis& decoder = add({.flag = "decoders",
                             .key = "decoder",
                             .help = "Image decoders",
                             .affects = affects_features | affects_loading,
                             .shown = Shown::always,
                             .choices = axis_rules::decoders,
                             .rule = axis_rules::default_decoders,
                             .rule_text = "the first of this build that runs on the CPU",
                             .applies = axis_rules::images,
                             .takes = axis_rules::takes_decoder});
  const Axis& input = add(
      {.flag = "inputs",
       .key = "input",
       .help = "Form in which images are copied to a GPU: float32 (normalized on the CPU) or uint8 "
               "(pixels, normalized on the GPU: a quarter of the bytes)",
       .affects = affects_loading,
       .choices =
           [] {
             return std::vector<std::string>{"float32", "uint8"};
           },
       .standard = {"float32"},
       .applies = axis_rules::has_form});
  const Axis& page_cache = add(
      {.flag = "page_caches",
       .key = "page_cache",
       .help = "warm (files as the system keeps them) or cold (the data set's pages are dropped "
               "from memory before each row, and a checkpoint's before each load)",
       .affects = affects_loading,
       .choices =
           [] {
             return std::vector<std::string>{"warm", "cold"};
           },
       .standard = {"warm"}});
  const Axis& workers = add({.flag = "workers",
                             .key = "workers",
                             .help = "Threads that load data",
                             .affects = affects_loading,
                             .shown = Shown::always,
                             .numbers = true,
                             .most = most_threads,
                             .rule = axis_rules::all_cores,
                             .rule_text = "the cores allowed; two fewer where they decode next to "
                                          "a GPU (decoder=hybrid), a sixteenth of them where a CPU "
                                          "overlaps loading with inference",
                             .values = axis_rules::workers});
  const Axis& storage = add({.flag = "storages",
                             .key = "storage",
                             .help = "Element type of cached activations and tensors",
                             .affects = affects_features | affects_loading,
                             .choices = axis_rules::storages,
                             .standard = {"float32"},
                             .applies = axis_rules::keeps_values});
  const Axis& cache =
      add({.flag = "caches",
           .key = "cache",
           .help = "Where the activations that tails of EndToEnd read lie: device (the GPU's "
                   "memory), host (the host's memory, pinned for a GPU) or disk",
           .affects = affects_loading,
           .shown = Shown::always,
           .choices = axis_rules::caches,
           .rule = axis_rules::slowest_cache,
           .rule_text = "the fastest that holds the activations of all items",
           .applies = axis_rules::has_trunk,
           .takes = axis_rules::takes_cache});
  const Axis& tokenizer = add({.flag = "",
                               .key = "tokenizer",
                               .help = "Kinds of tokenizers among the candidates",
                               .affects = affects_loading,
                               .choices =
                                   [] {
                                     return std::vector<std::string>{"wordpiece", "bpe"};
                                   },
                               .standard = {"wordpiece"},
                               .applies = axis_rules::text,
                               .values = axis_rules::tokenizers});
  const Axis& max_length = add({.flag = "max_lengths",
                                .key = "max_length",
                                .help = "Most tokens of a text, including special tokens",
                                .affects = affects_features | affects_memory | affects_loading,
                                .numbers = true,
                                .least = 3,
                                .standard = {std::int64_t{512}},
                                .applies = axis_rules::text});
  const Axis& padding = add(
      {.flag = "paddings",
       .key = "padding",
       .help = "Texts are padded to the maximum length (fixed) or to the longest of their batch "
               "(longest)",
       .affects = affects_memory | affects_loading,
       .choices =
           [] {
             return std::vector<std::string>{"fixed", "longest"};
           },
       .standard = {"fixed"},
       .applies = axis_rules::text});
  const Axis& transfer =
      add({.flag = "transfers",
           .key = "transfer",
           .help = "Copies of batches to a GPU: from pinned memory, from pageable memory, or "
                   "pinned_async: from pinned memory on a stream of their own, as mode=overlapped "
                   "always does",
           .affects = affects_cost,
           .choices = axis_rules::transfers,
           .standard = {"pinned"},
           .applies = axis_rules::copies_batches,
           .takes = axis_rules::takes_transfer});

  // How a network is loaded.
  const Axis& read =
      add({.flag = "reads",
           .key = "read",
           .help = "How LoadModel reads checkpoints: buffered, mmap (copied out of a mapping) or "
                   "direct (past the page cache)",
           .affects = affects_cost,
           .choices = axis_rules::reads,
           .standard = {"buffered"}});
  const Axis& weight_transfer =
      add({.flag = "weight_transfers",
           .key = "weight_transfer",
           .help = "How LoadModel copies weights to a GPU: each tensor in turn from pageable "
                   "memory, or from pinned memory while the next ones are read",
           .affects = affects_cost,
           .choices =
               [] {
                 return std::vector<std::string>{"pageable", "pinned"};
               },
           .standard = {"pageable"},
           .applies = axis_rules::gpu});

  // How a network computes.
  const Axis& precision =
      add({.flag = "precisions",
           .key = "precision",
           .help = "Arithmetic on a GPU: torch (PyTorch's default for float32: TF32 in "
                   "convolutions), fp32 (no TF32), tf32 (also in matrix products), bf16, fp16",
           .affects = affects_features | affects_memory,
           .choices = axis_rules::precisions,
           .standard = {"torch"},
           .applies = axis_rules::gpu});
  const Axis& threads = add({.flag = "threads",
                             .key = "threads",
                             .help = "LibTorch's threads on the CPU",
                             .affects = affects_cost,
                             .shown = Shown::always,
                             .numbers = true,
                             .most = most_threads,
                             .rule = axis_rules::all_cores,
                             .rule_text = "the cores allowed",
                             .applies = axis_rules::cpu});
  const Axis& execution =
      add({.flag = "executions",
           .key = "execution",
           .help = "How a network runs: eager (as PyTorch does), cuda_graph (captured once, then "
                   "replayed), fused (BatchNorm folded, several operations in one kernel), "
                   "fused_graph (both). EndToEnd, Search and Blocks run without a graph; the "
                   "default of searches is fused with bf16 and fp16",
           .affects = affects_features | affects_memory,
           .choices =
               [] {
                 return std::vector<std::string>{"eager", "cuda_graph", "fused", "fused_graph"};
               },
           .standard = {"eager"},
           .takes = axis_rules::takes_execution,
           .values = axis_rules::executions});
  const Axis& layout = add({.flag = "layouts",
                            .key = "layout",
                            .help = "Memory layout of image networks",
                            .affects = affects_features | affects_memory,
                            .choices =
                                [] {
                                  return std::vector<std::string>{"contiguous", "channels_last"};
                                },
                            .standard = {"contiguous"},
                            .applies = axis_rules::images});
  const Axis& pooling = add({.flag = "poolings",
                             .key = "pooling",
                             .help = "Features of text networks: cls (class token), pooler, mean "
                                     "(over the tokens)",
                             .affects = affects_features,
                             .choices = axis_rules::poolings,
                             .standard = {"cls"},
                             .applies = axis_rules::text});
  const Axis& allocator =
      add({.flag = "allocators",
           .key = "allocator",
           .help = "MaxBatchSize: how LibTorch takes a GPU's memory: default (segments of fixed "
                   "sizes, between which memory is lost) or expandable (expandable_segments:True). "
                   "Rows of other steps use what PYTORCH_CUDA_ALLOC_CONF says",
           .affects = affects_memory,
           .choices = allocator_names,
           .standard = {"default"},
           .applies = axis_rules::gpu});
  const Axis& memory_limit =
      add({.flag = "memory_limit",
           .key = "memory_limit",
           .help = "MaxBatchSize: search as if the device had this much memory, e.g. 24GB",
           .affects = affects_memory,
           .shown = Shown::always,
           .bytes = true,
           .rule = [](const Machine&) { return Values{}; },
           .rule_text = "a GPU's memory; needed on a CPU",
           .applies = axis_rules::has_memory_limit});

  // How a candidate is searched and scored.
  const Axis& mode = add({.flag = "modes",
                          .key = "mode",
                          .help = "Pipelines of EndToEnd",
                          .affects = affects_cost,
                          .shown = Shown::always,
                          .choices = axis_rules::modes,
                          .standard = {"serial", "prefetch", "overlapped"}});
  const Axis& probe = add({.flag = "probes",
                           .key = "probe",
                           .help = "Proxy scores",
                           .affects = affects_score,
                           .choices = axis_rules::probes,
                           .standard = {"linear"}});

  // How a whole zoo is searched.
  const Axis& plan =
      add({.flag = "plans",
           .key = "plan",
           .help = "What Search computes once: one_by_one (nothing), decode_once (pixels), shared "
                   "(also the blocks that candidates share, and equal candidates)",
           .affects = affects_cost,
           .shown = Shown::always,
           .choices = plan_names,
           .standard = {"shared"}});
  const Axis& budget =
      add({.flag = "budgets",
           .key = "budget",
           .help = "Which items each candidate of Search sees: all, or halving (in each round the "
                   "better half of the candidates stays, and the items double)",
           .affects = affects_score,
           .shown = Shown::always,
           .choices = budget_names,
           .standard = {"all"}});
  const Axis& classes = add(
      {.flag = "classes",
       .key = "classes",
       .help = "Number of classes of Score: 0 (the data set's labels, with accuracy) or balanced "
               "synthetic labels",
       .affects = affects_score,
       .numbers = true,
       .least = 2,
       .zero_too = true,
       .standard = {std::int64_t{0}, std::int64_t{1000}, std::int64_t{100}, std::int64_t{2}}});
  const Axis& features = add(
      {.flag = "feature_sizes",
       .key = "features",
       .help = "Features of Score: network (the candidate's) or synthetic ones of a size, items "
               "x values, as 9469x2048, with synthetic --classes",
       .affects = affects_score,
       .check = axis_rules::check_feature_size,
       .standard = {axis_rules::network_features},
       .takes = axis_rules::takes_feature_size});
};

[[nodiscard]] const Axes& axes();

/// Whether a row reads items that were prepared beforehand (`data=tensors` or `tokens`), not files.
[[nodiscard]] bool prepared(const Combination& row);

}  // namespace model_search
