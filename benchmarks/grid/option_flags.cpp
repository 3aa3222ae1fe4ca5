// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/grid/option_flags.h"

#include <CLI/CLI.hpp>

#include "benchmarks/grid/option_choices.h"
#include "benchmarks/grid/option_values.h"
#include "datasets/images/decoder.h"

namespace model_search {

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

}  // namespace model_search
