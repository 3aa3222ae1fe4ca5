// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/candidates.h"

#include <algorithm>
#include <cstdio>
#include <mutex>
#include <nlohmann/json.hpp>

#include "benchmarks/calibration_photographs.h"
#include "benchmarks/default_vocabulary.h"
#include "datasets/fingerprint.h"
#include "fixtures/weights/random_weights.h"

namespace model_search {
namespace {

namespace fs = std::filesystem;

std::string fingerprint_of_tensors(const Architecture& architecture) {
  Fingerprint fingerprint;
  for (const TensorEntry& entry : tensor_entries(architecture, full_range(architecture))) {
    fingerprint.add(entry.name);
    for (const std::int64_t size : entry.shape) fingerprint.add(static_cast<std::uint64_t>(size));
  }
  return fingerprint.hex();
}

/// A tokenizer's file or folder that lies beside a checkpoint; empty where there is none.
fs::path tokenizer_beside(const fs::path& weights) {
  const fs::path folder = weights.parent_path().empty() ? fs::path(".") : weights.parent_path();
  for (const char* ending : {".tokenizer", ".tokenizer.json"}) {
    const fs::path named = folder / (weights.stem().string() + ending);
    if (fs::exists(named)) return named;
  }
  for (const char* name : {"tokenizer.json", "vocab.txt", "vocab.json"}) {
    if (fs::exists(folder / name)) return folder;
  }
  return {};
}

}  // namespace

std::string shape_suffix(const Architecture& architecture) {
  const std::string shapes = fingerprint_of_tensors(architecture);
  const bool standard = shapes == fingerprint_of_tensors(find_architecture(architecture.name));
  return standard ? "" : "-" + shapes.substr(0, 8);
}

const Candidate& Candidates::find(const std::string& subject, const std::string& pooling) {
  const std::string key = subject + " " + pooling;
  if (const auto known = candidates_.find(key); known != candidates_.end()) return *known->second;
  const auto entry = std::ranges::find(options_.zoo, subject, &ZooEntry::name);
  if (entry == options_.zoo.end()) {
    throw std::invalid_argument("no candidate has the name '" + subject + "'");
  }
  Architecture architecture = find_architecture(entry->architecture);
  if (architecture.input == "text") {
    auto config =
        entry->config.empty() ? nlohmann::json::object() : nlohmann::json::parse(entry->config);
    config["pooling"] = pooling;
    architecture = architecture.configure(config);
  }
  return *(candidates_[key] = std::make_unique<const Candidate>(
               Candidate{*entry, std::move(architecture), pooling, key}));
}

bool Candidates::all_random() const {
  return std::ranges::all_of(options_.zoo,
                             [](const ZooEntry& entry) { return entry.weights.empty(); });
}

fs::path Candidates::random_file(const Candidate& candidate) const {
  const Architecture& architecture = candidate.architecture;
  return options_.cache_dir / "weights" /
         (architecture.name + shape_suffix(architecture) + "-random-v2-seed" +
          std::to_string(candidate.entry.seed) + ".safetensors");
}

fs::path Candidates::weights_file(const Candidate& candidate) {
  if (!candidate.random()) return candidate.entry.weights;
  make_missing_weights({&candidate});
  return random_file(candidate);
}

void Candidates::make_missing_weights(const std::vector<const Candidate*>& candidates) {
  std::map<fs::path, const Candidate*> missing;  // of equal networks one
  for (const Candidate* candidate : candidates) {
    if (!candidate->random()) continue;
    const fs::path file = random_file(*candidate);
    if (!fs::exists(file)) missing[file] = candidate;
  }
  if (missing.empty()) return;
  std::vector<RandomNetwork> networks;
  for (const auto& [file, candidate] : missing) {
    const Architecture& architecture = candidate->architecture;
    std::fprintf(stderr, "Making random weights for %s%s (once)\n", architecture.name.c_str(),
                 shape_suffix(architecture).c_str());
    networks.push_back({file, &architecture, candidate->entry.seed});
  }
  std::once_flag once;
  at::Tensor photographs;
  make_random_weights(networks, static_cast<std::size_t>(options_.threads.front()), [&] {
    std::call_once(once, [&] {
      photographs = calibration_photographs(static_cast<std::size_t>(options_.workers.front()));
    });
    return photographs;
  });
}

const SafetensorsFile& Candidates::checkpoint(const Candidate& candidate) {
  const std::string& key = candidate.key;
  if (const auto known = checkpoints_.find(key); known != checkpoints_.end()) {
    return *known->second;
  }
  // A checkpoint that failed once is not read again for every row that needs it.
  if (const auto known = errors_.find(key); known != errors_.end()) {
    throw std::runtime_error(known->second);
  }
  try {
    auto file = std::make_unique<SafetensorsFile>(weights_file(candidate));
    check_checkpoint(*file, candidate.architecture);
    return *(checkpoints_[key] = std::move(file));
  } catch (const std::exception& error) {
    errors_[key] = error.what();
    throw;
  }
}

std::string Candidates::describe_weights(const Candidate& candidate) {
  const SafetensorsFile& file = checkpoint(candidate);
  if (candidate.random()) return "random (seed " + std::to_string(candidate.entry.seed) + ")";
  return file.path().filename().string() + " " +
         hash(candidate, full_range(candidate.architecture));
}

std::shared_ptr<const Tokenizer> Candidates::load_tokenizer_of(const Candidate& candidate) const {
  fs::path path = candidate.entry.tokenizer;
  if (path.empty() && candidate.random()) {
    path = ensure_default_vocabulary(options_.cache_dir, candidate.architecture.tokens.tokenizer);
  } else if (path.empty()) {
    path = tokenizer_beside(candidate.entry.weights);
    if (path.empty()) {
      throw std::runtime_error(
          "candidate '" + candidate.name() +
          "' has no tokenizer: give one in the zoo (\"tokenizer\"), or put " +
          candidate.entry.weights.stem().string() +
          ".tokenizer, tokenizer.json, vocab.txt, or vocab.json and merges.txt "
          "beside " +
          candidate.entry.weights.string());
    }
  }
  std::shared_ptr<const Tokenizer> tokenizer = load_tokenizer(path);
  const Architecture::Tokens& tokens = candidate.architecture.tokens;
  if (tokenizer->vocabulary_size() > tokens.vocabulary) {
    throw std::runtime_error("the tokenizer " + path.string() + " has " +
                             std::to_string(tokenizer->vocabulary_size()) + " ids, but '" +
                             candidate.name() + "' knows " + std::to_string(tokens.vocabulary) +
                             ": it belongs to another network");
  }
  if (tokenizer->padding_id() != tokens.padding_id) {
    throw std::runtime_error("the tokenizer " + path.string() + " pads with id " +
                             std::to_string(tokenizer->padding_id()) + ", but '" +
                             candidate.name() + "' with " + std::to_string(tokens.padding_id) +
                             ": it belongs to another network");
  }
  return tokenizer;
}

std::shared_ptr<const Tokenizer> Candidates::tokenizer(const Candidate& candidate) {
  const std::string key = candidate.name() + " tokenizer";
  if (const auto known = errors_.find(key); known != errors_.end()) {
    throw std::runtime_error(known->second);
  }
  auto& tokenizer = tokenizers_[candidate.name()];
  if (tokenizer) return tokenizer;
  try {
    return tokenizer = load_tokenizer_of(candidate);
  } catch (const std::exception& error) {
    errors_[key] = error.what();
    throw;
  }
}

Network Candidates::build(const Candidate& candidate, const StageRange& range,
                          const Placement& placement, LoadSeconds* seconds,
                          const LoadSettings& settings) {
  return build_from(checkpoint(candidate).path(), candidate, range, placement, seconds, settings);
}

Network Candidates::build_from(const fs::path& file, const Candidate& candidate,
                               const StageRange& range, const Placement& placement,
                               LoadSeconds* seconds, const LoadSettings& settings) {
  LoadSeconds unused;
  return load_network(file, candidate.architecture, range, placement, settings, memory_,
                      seconds != nullptr ? *seconds : unused);
}

const std::string& Candidates::stage_hash(const Candidate& candidate, std::int64_t stage) {
  std::vector<std::string>& hashes = stage_hashes_[candidate.key];
  hashes.resize(static_cast<std::size_t>(candidate.architecture.blocks) + 2);
  std::string& hash = hashes.at(static_cast<std::size_t>(stage));
  if (hash.empty()) {
    hash = hash_tensors(checkpoint(candidate), candidate.architecture,
                        stage_range(candidate.architecture, stage));
  }
  return hash;
}

std::string Candidates::hash(const Candidate& candidate, const StageRange& range) {
  Fingerprint fingerprint;
  const Architecture& architecture = candidate.architecture;
  fingerprint.add(architecture.block_settings);
  if (range.stem) fingerprint.add(stage_hash(candidate, 0));
  for (std::int64_t block = range.first_block; block < range.last_block; ++block) {
    fingerprint.add(stage_hash(candidate, block + 1));
  }
  if (range.head) {
    fingerprint.add(architecture.head_settings);
    fingerprint.add(stage_hash(candidate, architecture.blocks + 1));
  }
  return fingerprint.hex();
}

}  // namespace model_search
