// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/grid/flags.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <utility>

#include "benchmarks/grid/presets.h"
#include "datasets/files/nearest_word.h"

namespace model_search {
namespace {

constexpr const char* axis_group = "Axes (lists: every combination is a row)";
constexpr const char* setting_group = "Settings";

std::string help_of(const Axis& axis) {
  std::string help(axis.help);
  if (axis.choices != nullptr) {
    const std::vector<std::string> choices = axis.choices();
    help += "; choices: " + CLI::detail::join(choices, ",");
  }
  const std::string standard =
      axis.rule != nullptr ? std::string(axis.rule_text) : joined(axis.standard);
  return help + "; default: " + standard;
}

/// Parses a fraction above 0 and below 1: `1%` or `0.01`.
CLI::Validator fraction() {
  return {[](std::string& text) -> std::string {
            const bool percent = !text.empty() && text.back() == '%';
            double value = 0;
            const std::string number = percent ? text.substr(0, text.size() - 1) : text;
            if (!CLI::detail::lexical_cast(number, value)) value = NAN;
            if (percent) value /= 100;
            if (!(value > 0 && value < 1)) {
              return "'" + text + "' is not a fraction between 0 and 1; write e.g. 1% or 0.01";
            }
            text = CLI::detail::to_string(value);
            return {};
          },
          "FRACTION"};
}

/// A number of bytes with a unit; the text becomes the number.
CLI::Validator byte_count() {
  return {[](std::string& text) -> std::string {
            try {
              text = std::to_string(read_bytes(text));
              return {};
            } catch (const std::invalid_argument& error) {
              return error.what();
            }
          },
          "BYTES"};
}

std::string in_percent(double share) {
  return std::to_string(std::lround(100 * share)) + " %";
}

/// A number of seconds above 0, or also 0 where that has a meaning.
CLI::Validator seconds(bool or_zero = false) {
  return {[or_zero](std::string& text) -> std::string {
            double value = 0;
            if (CLI::detail::lexical_cast(text, value) && std::isfinite(value) &&
                (value > 0 || (or_zero && value == 0))) {
              return {};
            }
            return "'" + text + "' must be a positive number of seconds" + (or_zero ? " or 0" : "");
          },
          "SECONDS"};
}

/// One of a few words.
CLI::Validator one_of(std::vector<std::string> words) {
  const std::string shown = "{" + CLI::detail::join(words, ",") + "}";
  return {[words = std::move(words), shown](std::string& text) -> std::string {
            if (std::ranges::find(words, text) != words.end()) return {};
            return "'" + text + "' is not one of " + shown + did_you_mean(text, words);
          },
          shown};
}

/// A whole number of at least `least`.
CLI::Validator at_least(std::int64_t least) {
  return {[least](std::string& text) -> std::string {
            std::int64_t value = 0;
            if (CLI::detail::lexical_cast(text, value) && value >= least) return {};
            return "'" + text + "' must be a whole number of at least " + std::to_string(least);
          },
          "NUMBER"};
}

void declare_preset(CLI::App& app, FlagTexts& flags) {
  std::vector<std::string> names;
  std::string help = "Values for several flags, which other flags refine:";
  for (const Preset& preset : presets()) {
    names.emplace_back(preset.name);
    help += " " + std::string(preset.name) + " (" + std::string(preset.help) + ")";
    for (const auto& [axis, text] : preset.flags) {
      help += " --" + std::string(axis->flag) + "=" + std::string(text);
    }
    help += ";";
  }
  help.back() = ' ';
  app.add_option("--preset", flags.preset, help)->check(one_of(names));
}

void declare_data(CLI::App& app, Options& o) {
  app.add_option(
      "--candidates", o.candidates,
      "A zoo: JSON list of {name, architecture, weights, config, tokenizer}, in place of "
      "the bare architectures");
  app.add_option(
      "--data_dir", o.data_dir,
      "Images as DIR/{train,val}/<class>/**, or without classes (nothing is scored then) as "
      "DIR/{train,val}/* or DIR/*; without it an embedded data set, "
      "generated once");
  app.add_option("--text_dir", o.text_dir,
                 "Texts as DIR/{train,test}/{pos,neg}/*.txt; without it an embedded set, generated "
                 "once");
  app.add_option("--split", o.split, "train or val (for texts: test)")
      ->check(one_of({"train", "val"}));
  app.add_option("--max_pixels", o.max_pixels,
                 "Most pixels of a photograph; larger ones are refused before they are decoded "
                 "(the default is Pillow's limit)")
      ->check(at_least(1))
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1} << 32U));  // Sizes in bytes fit.
  app.add_option(
         "--on_damage", o.on_damage,
         "What a damaged file of the data set does: fail the rows that read it, with the "
         "names of all damaged files, or be left out by all rows (skip), after one pass over "
         "all files")
      ->check(one_of({"fail", "skip"}));
  app.add_option(
      "--weights_dir", o.weights_dir,
      "Checkpoints as DIR/<architecture>.safetensors (a text network's tokenizer next to "
      "it, as <architecture>.tokenizer); without it random weights");
  app.add_option("--features_dir", o.features_dir,
                 "Folder for the features of EndToEnd and Search, as "
                 "DIR/<candidate>.<configuration>.safetensors; with --resume, Search goes on from "
                 "them");
  app.add_option("--trace_dir", o.trace_dir,
                 "Folder for a trace of each Search row: what ran when, in Chrome's trace format, "
                 "which Perfetto shows");
  app.add_option("--cache_dir", o.cache_dir,
                 "Folder for generated data, weights and activations; %N in it is this "
                 "host's name, for a folder of each node");
  app.add_option("--cache_limit", o.cache_limit,
                 "Most bytes of cached activations on disk, e.g. 500MB")
      ->transform(byte_count());
  app.add_option("--device_cache", o.cache_bounds.device,
                 "Most bytes of cached activations in a GPU's memory; without it " +
                     in_percent(device_cache_share) + " of that memory")
      ->transform(byte_count())
      ->default_str("");
  app.add_option("--host_cache", o.cache_bounds.host,
                 "Most bytes of cached activations in the host's memory; without it " +
                     in_percent(host_cache_share) + " of what the process may use")
      ->transform(byte_count())
      ->default_str("");
  app.add_option("--items", o.items,
                 "Items of EndToEnd and Score, some of each class; of fewer classes where there "
                 "would be fewer "
                 "than 5 of each; 0: all")
      ->check(at_least(0));
}

void declare_measuring(CLI::App& app, Options& o) {
  app.add_option("--batches", o.sampling.batches, "Batches per row, including the warm-up")
      ->check(at_least(1));
  app.add_option("--warmup_batches", o.sampling.warmup_batches,
                 "Batches of the warm-up, which are reported separately")
      ->check(at_least(0));
  app.add_option("--warmup_seconds", o.sampling.warmup_seconds,
                 "Seconds of the warm-up of a network on a GPU that reaches its power limit (twice "
                 "as many where its times still change); other GPUs warm up for at most as long; "
                 "0: warm up by batches only")
      ->check(seconds(/*or_zero=*/true));
  app.add_option(
         "--precision_target", o.sampling.precision_target,
         "Measure each row until half the width of its median's 95 % interval is at most this "
         "share of the median, e.g. 1%, in place of --batches; at least 20 batches")
      ->transform(fraction());
  app.add_option("--time_budget", o.sampling.time_budget,
                 "Seconds a row may take before it ends with fewer batches")
      ->check(seconds());
  app.add_option(
         "--stall_limit", o.stall_limit,
         "Seconds without progress after which a row fails and reports what each thread waits for "
         "(five times the row's longest pause, if longer); with --benchmark_out the run then "
         "continues in a new process; 0: no limit")
      ->check(seconds(/*or_zero=*/true));
  app.add_option(
         "--processes", o.processes,
         "Measure every row in N fresh processes, which take turns, and report the interval "
         "over processes; needs --benchmark_out")
      ->check(at_least(1));
  app.add_flag("--kernel_span", o.kernel_span,
               "Check Inference's times on a GPU: compare events with the kernels that LibTorch's "
               "profiler (CUPTI) reports; the profiler may slow down later rows");
  app.add_flag("--interleave", o.interleave,
               "Inference: set up all rows of a network and measure them in turns, in rounds of "
               "random order (--seed), so that a drift of the machine affects all alike");
  app.add_flag("--resume", o.resume,
               "Keep the rows that --benchmark_out has and measure only those that it lacks");
  app.add_flag("--retry_failed", o.retry_failed, "With --resume: measure failed rows again");
  app.add_option("--seed", o.seed, "Seed of random weights, of the split and of the probe");
  app.add_option("--cores", o.cores, "Use only N cores for everything; 0: all allowed")
      ->check(at_least(0));
  app.add_option("--prefetch", o.prefetch, "Batches read ahead where reading ahead is measured")
      ->check(at_least(1));
}

void declare_shards(CLI::App& app, FlagTexts& flags) {
  app.add_option(
         "--shard", flags.shard,
         "Measure part i (from 0) of n of the rows, i/n, and write --benchmark_out=RESULTS.json as "
         "RESULTS.shard-i-of-n.json, which tools/merge.py joins; none or 0/1: all rows; auto: "
         "workers take rows one by one from a --store, and write RESULTS.shard-auto-NAME.json. "
         "Without the flag as a scheduler's variables say: those of Slurm's arrays and tasks, "
         "Kubernetes' "
         "JOB_COMPLETION_INDEX with JOB_COMPLETIONS, Open MPI, PMI, torchrun")
      ->type_name("i/n");
  app.add_option("--store", flags.options.store,
                 "With --shard=auto: where the workers' store listens (c10d's TCPStore). The "
                 "process of rank 0, without ranks the first one, starts it where HOST is its "
                 "machine and the port is free")
      ->type_name("HOST:PORT");
  app.add_option("--store_wait", flags.options.store_wait,
                 "With --shard=auto: seconds in which the store must answer first")
      ->check(seconds());
  app.add_option("--lease_limit", flags.options.lease_limit,
                 "With --shard=auto: seconds without a sign of life after which another worker "
                 "measures a worker's row")
      ->check(seconds());
  app.add_option(
      "--expected", flags.options.expected,
      "With --shard: earlier results by whose seconds the rows are dealt out (a row that they lack "
      "counts as their mean); without it every row counts as much");
}

void declare_settings(CLI::App& app, FlagTexts& flags) {
  app.option_defaults()->group(setting_group)->always_capture_default();
  declare_preset(app, flags);
  declare_data(app, flags.options);
  declare_measuring(app, flags.options);
  declare_shards(app, flags);
}

}  // namespace

void declare(CLI::App& app, FlagTexts& flags) {
  app.set_help_flag();
  app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast)->group(axis_group);
  for (const Axis& axis : axes().all()) {
    if (axis.flag.empty()) continue;
    // Takes one text with commas, so that the last value wins where a flag is given twice.
    app.add_option("--" + std::string(axis.flag), flags.axes[&axis], help_of(axis))
        ->type_name(axis.bytes ? "BYTES" : "LIST");
  }
  declare_settings(app, flags);
}

std::vector<Setting> settings() {
  FlagTexts flags;
  CLI::App app;
  declare(app, flags);
  std::vector<Setting> found;
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_group() != setting_group) continue;
    found.push_back({option->get_name(false, true).substr(2), option->get_description(),
                     option->get_default_str()});
  }
  return found;
}

std::string options_help() {
  FlagTexts flags;
  CLI::App app(
      "Every flag; --help has those that most runs need. --schema prints steps, axes, counters and "
      "architectures as JSON.");
  declare(app, flags);
  return app.help("model_search_bench");
}

}  // namespace model_search
