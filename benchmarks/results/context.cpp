// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/results/context.h"

#include <unistd.h>

#include <set>
#include <string>

#include "datasets/files/aligned_memory.h"
#include "datasets/files/direct_file.h"
#include "datasets/files/file_bytes.h"
#include "datasets/images/decoder.h"
#include "datasets/images/resample_kernels.h"
#include "fixtures/devices/environment.h"
#include "fixtures/devices/gpu_decoder.h"
#include "fixtures/searching/joint_heads.h"

namespace model_search {
namespace {

std::string text_of(const std::string& word) {
  return word;
}
std::string text_of(std::int64_t number) {
  return std::to_string(number);
}

template <typename Values>
std::string joined(const Values& values) {
  std::string text;
  for (const auto& value : values) text += (text.empty() ? "" : ",") + text_of(value);
  return text.empty() ? "default" : text;
}

Facts describe_options(const Options& options) {
  return {{"option_steps", joined(options.steps)},
          {"option_architectures", joined(options.architectures)},
          {"option_candidates", options.candidates.filename().string()},
          {"option_configurations", joined(options.configurations)},
          {"option_devices", joined(options.devices)},
          {"option_batch_sizes", options.common_max ? "common_max" : joined(options.batch_sizes)},
          {"option_memory_limit",
           options.memory_limit > 0 ? options.memory_limit_text : "the device's"},
          {"option_decoders", joined(options.decoders)},
          {"option_workers", joined(options.workers)},
          {"option_threads", joined(options.threads)},
          {"option_modes", joined(options.modes)},
          {"option_transfers", joined(options.transfers)},
          {"option_reads", joined(options.reads)},
          {"option_inputs", joined(options.inputs)},
          {"option_executions", joined(options.executions)},
          {"option_interleave", options.interleave ? "on" : "off"},
          {"option_kernel_span", options.kernel_span ? "on" : "off"},
          {"option_layouts", joined(options.layouts)},
          {"option_storages", joined(options.storages)},
          {"option_page_caches", joined(options.page_caches)},
          {"option_precisions", joined(options.precisions)},
          {"option_probes", joined(options.probes)},
          {"option_classes", joined(options.classes)},
          {"option_heads", joined(options.heads)},
          {"option_data", joined(options.data)},
          {"option_max_lengths", joined(options.max_lengths)},
          {"option_paddings", joined(options.paddings)},
          {"option_poolings", joined(options.poolings)},
          {"option_split", options.split},
          {"option_items", options.items == 0 ? "all" : std::to_string(options.items)},
          {"option_batches", std::to_string(options.sampling.batches)},
          {"option_warmup_batches", std::to_string(options.sampling.warmup_batches)},
          {"option_precision_target", std::to_string(options.sampling.precision_target)},
          {"option_time_budget", std::to_string(options.sampling.time_budget)},
          {"option_prefetch", std::to_string(options.prefetch)},
          {"option_cache_limit", std::to_string(options.cache_limit)},
          {"option_cores", options.cores == 0 ? "all" : std::to_string(options.cores)},
          {"precision", joined(options.precisions)},
          {"seed", std::to_string(options.seed)}};
}

/// Identity of the data of one kind: `data_…` for photographs, `text_…` for texts.
void describe_data(Session& session, const std::string& kind, Facts& facts) {
  const ClassFolder& folder = session.data.folder(kind);
  const std::string name = kind == "text" ? "text" : "data";
  facts.emplace_back(name, session.data.embedded(kind) ? "embedded default (generated)"
                                                       : folder.directory.filename().string());
  facts.emplace_back(name + "_identity", folder.identity());
  facts.emplace_back(name + "_split", folder.split);
  facts.emplace_back(name + (kind == "text" ? "_texts" : "_images"),
                     std::to_string(folder.files.size()));
  facts.emplace_back(name + "_classes", std::to_string(folder.classes.size()));
  facts.emplace_back(name + "_ignored_files", std::to_string(folder.ignored_files));
}

/// What a candidate is: its rows bear only its name.
void describe_candidate(Session& session, const std::string& subject, Facts& facts) {
  std::string weights;
  std::string tokenizer;
  std::string architecture;
  try {
    const Candidate& candidate = session.candidates.find(subject);
    architecture = candidate.architecture.name;
    weights = session.candidates.describe_weights(candidate);
    if (candidate.architecture.input == "text") {
      const auto used = session.candidates.tokenizer(candidate);
      tokenizer = std::string(used->kind()) + " " + used->identity() + " (" +
                  std::to_string(used->vocabulary_size()) + " ids)";
    }
  } catch (const std::exception& error) {
    // The rows of this candidate will say what is wrong; the others must still run.
    (weights.empty() ? weights : tokenizer) = "unusable";
  }
  facts.emplace_back("weights_" + subject, weights);
  facts.emplace_back("architecture_" + subject, architecture);
  if (!tokenizer.empty()) facts.emplace_back("tokenizer_" + subject, tokenizer);
}

/// "last_3: a, b; last_1: a, b, c": which candidates share a trunk, and so one activation cache.
std::string describe_shared_trunks(Session& session, const std::vector<Combination>& rows) {
  std::set<std::string> configurations;
  for (const Combination& row : rows) {
    if (row.configuration.empty() || row.configuration == "full") continue;
    configurations.insert(row.configuration.substr(row.configuration.find("last_")));
  }
  std::string text;
  for (const std::string& name : configurations) {
    for (const auto& group : shared_trunks(session.candidates, Configuration::parse(name))) {
      text += (text.empty() ? "" : "; ") + name + ": " + joined(group);
    }
  }
  return text;
}

/// Random weights of all that lack them, before the first is opened: several are made at once.
void make_weights(Session& session, const std::set<std::string>& subjects) {
  try {
    std::vector<const Candidate*> candidates;
    for (const std::string& subject : subjects) {
      candidates.push_back(&session.candidates.find(subject));
    }
    session.candidates.make_missing_weights(candidates);
  } catch (const std::exception& error) {
    // Who needs them tries again, and its rows say what is wrong.
  }
}

/// How cached activations are read where they lie.
std::string describe_reads(const std::filesystem::path& directory) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  const std::filesystem::path probe = directory / ("reads.building-" + std::to_string(::getpid()));
  try {
    write_file(probe, std::vector<std::byte>(direct_alignment));
    const bool direct = DirectFile(probe, FileAccess::direct).access() == FileAccess::direct;
    std::filesystem::remove(probe, error);
    return direct ? "direct (past the page cache)"
                  : "buffered (this file system refuses direct reads)";
  } catch (const std::exception& failure) {
    std::filesystem::remove(probe, error);
    return std::string("unknown: ") + failure.what();
  }
}

}  // namespace

Facts describe_run(Session& session, const std::vector<Combination>& combinations) {
  std::vector<Device> devices;
  for (const std::string& name : session.options.devices) devices.push_back({name});
  Facts facts = describe_environment(devices);
  std::set<std::string> subjects;
  std::set<std::string> kinds;
  for (const Combination& row : combinations) {
    if (row.configuration.empty()) {
      kinds.insert(row.subject);
    } else {
      subjects.insert(row.subject);
      kinds.insert(session.candidates.find(row.subject).architecture.input);
    }
  }
  for (const std::string& kind : kinds) describe_data(session, kind, facts);
  const bool cold = session.options.page_caches == std::vector<std::string>{"cold"};
  facts.emplace_back(
      "page_cache",
      cold ? "cold (the data set's pages are dropped before each row, a checkpoint's before each "
             "load)"
           : "warm (not dropped; files may have been read before)");
  facts.emplace_back("thread_pools", "loader: " + joined(session.options.workers) +
                                         " workers; LibTorch: " + joined(session.options.threads) +
                                         " threads on the CPU, which rest while a GPU is measured");
  facts.emplace_back("resampling", best_kernels().name);
  for (const std::string& name : session.options.decoders) {
    if (is_gpu_decoder(name)) continue;
    facts.emplace_back("decoder_" + name, "cpu");
  }
  for (const GpuDecoderEntry& entry : gpu_decoder_table()) {
    const std::string missing = entry.missing();
    facts.emplace_back("decoder_" + std::string(entry.name),
                       missing.empty() ? "cuda" : "not usable: " + missing);
  }
  for (const std::string& missing : missing_decoders()) {
    const std::size_t colon = missing.find(':');
    facts.emplace_back("decoder_" + missing.substr(0, colon),
                       "not built: " + missing.substr(colon + 2));
  }
  facts.emplace_back("activation_reads", describe_reads(session.activations.directory()));
  facts.emplace_back("weights", session.candidates.all_random() ? "random" : "checkpoints");
  make_weights(session, subjects);
  for (const std::string& subject : subjects) describe_candidate(session, subject, facts);
  if (!session.options.candidates.empty()) {
    facts.emplace_back("shared_trunks", describe_shared_trunks(session, combinations));
  }
  for (auto& fact : describe_options(session.options)) facts.push_back(std::move(fact));
  return facts;
}

}  // namespace model_search
