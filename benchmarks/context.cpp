// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/context.h"

#include <benchmark/benchmark.h>

#include <set>
#include <string>

#include "fixtures/environment.h"

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
          {"option_configurations", joined(options.configurations)},
          {"option_devices", joined(options.devices)},
          {"option_batch_sizes", joined(options.batch_sizes)},
          {"option_decoders", joined(options.decoders)},
          {"option_workers", joined(options.workers)},
          {"option_threads", joined(options.threads)},
          {"option_modes", joined(options.modes)},
          {"option_transfers", joined(options.transfers)},
          {"option_precisions", joined(options.precisions)},
          {"option_probes", joined(options.probes)},
          {"option_classes", joined(options.classes)},
          {"option_split", options.split},
          {"option_items", options.items == 0 ? "all" : std::to_string(options.items)},
          {"option_batches", std::to_string(options.sampling.batches)},
          {"option_warmup_batches", std::to_string(options.sampling.warmup_batches)},
          {"option_time_budget", std::to_string(options.sampling.time_budget)},
          {"option_prefetch", std::to_string(options.prefetch)},
          {"option_cache_limit", std::to_string(options.cache_limit)},
          {"option_cores", options.cores == 0 ? "all" : std::to_string(options.cores)},
          {"precision", joined(options.precisions)},
          {"seed", std::to_string(options.seed)}};
}

Facts describe_data(Session& session) {
  const ClassFolder& folder = session.data.folder();
  Facts facts{{"data", session.options.data_dir.empty() ? "embedded default (generated)"
                                                        : folder.directory.filename().string()},
              {"data_identity", folder.identity()},
              {"data_split", folder.split},
              {"data_images", std::to_string(folder.files.size())},
              {"data_classes", std::to_string(folder.classes.size())},
              {"data_ignored_files", std::to_string(folder.ignored_files)},
              {"page_cache", "warm (not dropped; files may have been read before)"}};
  return facts;
}

}  // namespace

void add_context(Session& session, const std::vector<Combination>& combinations) {
  std::vector<Device> devices;
  for (const std::string& name : session.options.devices) devices.push_back({name});
  Facts facts = describe_environment(devices);
  for (auto& fact : describe_data(session)) facts.push_back(std::move(fact));
  facts.emplace_back("weights", session.candidates.random_weights() ? "random" : "checkpoints");
  std::set<std::string> subjects;
  for (const Combination& row : combinations) {
    if (row.subject != "images" && row.subject != "text") subjects.insert(row.subject);
  }
  for (const std::string& subject : subjects) {
    std::string weights;
    try {
      weights = session.candidates.describe_weights(subject);
    } catch (const std::exception& error) {
      // The rows of this candidate will say what is wrong; the others must still run.
      weights = "unusable";
    }
    facts.emplace_back("weights_" + subject, weights);
  }
  for (auto& fact : describe_options(session.options)) facts.push_back(std::move(fact));
  for (const auto& [name, value] : facts) benchmark::AddCustomContext(name, value);
}

}  // namespace model_search
