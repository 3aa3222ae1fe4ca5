// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "benchmarks/options.h"
#include "datasets/item_source.h"
#include "datasets/tokenizer.h"
#include "fixtures/models/architecture.h"
#include "fixtures/models/configuration.h"
#include "fixtures/models/joint_network.h"
#include "fixtures/network_loader.h"
#include "fixtures/placement.h"
#include "fixtures/weights/checkpoint.h"

namespace model_search {

/// A network that is searched: a checkpoint, or random weights of an architecture.
struct Candidate {
  ZooEntry entry;
  Architecture architecture;  ///< with the checkpoint's config and the pooling asked for
  std::string pooling;        ///< of text networks
  std::string key;            ///< equal for equal candidates with equal pooling

  [[nodiscard]] const std::string& name() const { return entry.name; }
  [[nodiscard]] bool random() const { return entry.weights.empty(); }
};

/// The networks of a run. Their files are opened when they are needed; random weights are made once
/// and kept in the cache folder, so that loading always reads a file.
class Candidates {
 public:
  explicit Candidates(const Options& options) : options_(options) {}

  /// The candidate of a subject, with `pooling` (text networks) as its head. The reference stays
  /// valid.
  const Candidate& find(const std::string& subject, const std::string& pooling = "cls");
  /// Subjects in the order of the zoo.
  [[nodiscard]] const std::vector<ZooEntry>& entries() const { return options_.zoo; }
  /// No candidate has a checkpoint.
  [[nodiscard]] bool all_random() const;

  /// The checkpoint's header, checked against its architecture once. Throws std::runtime_error
  /// that names the file and what is wrong with it.
  const SafetensorsFile& checkpoint(const Candidate& candidate);
  /// Makes the random weights that these candidates lack, several at once. Throws when one fails.
  void make_missing_weights(const std::vector<const Candidate*>& candidates);
  /// "random (seed 0)", or the file's name and the hash of its tensors.
  [[nodiscard]] std::string describe_weights(const Candidate& candidate);
  /// The tokenizer of a text network: the entry's, or what lies beside its weights; for random
  /// weights a vocabulary of the default text set. Throws std::runtime_error that says where it was
  /// looked for, or that its ids are more than the network knows.
  std::shared_ptr<const Tokenizer> tokenizer(const Candidate& candidate);

  /// Builds a part of a network at its place and waits until it is there: opens the checkpoint
  /// anew, as a search that comes to its next candidate does. Adds to `seconds`.
  [[nodiscard]] Network build(const Candidate& candidate, const StageRange& range,
                              const Placement& placement, LoadSeconds* seconds = nullptr,
                              const LoadSettings& settings = {});
  /// The same from a file that holds the range's tensors (a checkpoint, or a head's).
  [[nodiscard]] Network build_from(const std::filesystem::path& file, const Candidate& candidate,
                                   const StageRange& range, const Placement& placement,
                                   LoadSeconds* seconds = nullptr,
                                   const LoadSettings& settings = {});
  /// Hash of a part: its tensors and what else its results depend on. Equal trunks have equal
  /// hashes, whatever checkpoint they come from.
  [[nodiscard]] std::string hash(const Candidate& candidate, const StageRange& range);

 private:
  /// Where the random weights of a candidate without a checkpoint are kept.
  [[nodiscard]] std::filesystem::path random_file(const Candidate& candidate) const;
  std::filesystem::path weights_file(const Candidate& candidate);
  std::shared_ptr<const Tokenizer> load_tokenizer_of(const Candidate& candidate) const;
  [[nodiscard]] const std::string& stage_hash(const Candidate& candidate, std::int64_t stage);

  const Options& options_;
  HostMemory memory_;  ///< of the networks on a CPU
  std::map<std::string, std::unique_ptr<const Candidate>> candidates_;
  std::map<std::string, std::unique_ptr<SafetensorsFile>> checkpoints_;
  std::map<std::string, std::shared_ptr<const Tokenizer>> tokenizers_;
  std::map<std::string, std::string> errors_;  ///< of files that failed once
  std::map<std::string, std::vector<std::string>> stage_hashes_;
};

/// Fingerprint of an architecture's tensors: tells a text network of another width or depth from
/// the row of the table. Empty for the rows of the table.
[[nodiscard]] std::string shape_suffix(const Architecture& architecture);

}  // namespace model_search
