// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "benchmarks/options.h"
#include "fixtures/device.h"
#include "fixtures/models/architecture.h"
#include "fixtures/models/configuration.h"
#include "fixtures/weights/checkpoint.h"

namespace model_search {

/// Where the seconds of loading a network went.
struct LoadSeconds {
  double read = 0;       ///< bytes of the checkpoint into host tensors
  double to_device = 0;  ///< host tensors to the device
  std::uint64_t bytes = 0;
};

/// Multiply-accumulates per item and parameters of a part of a network.
struct Work {
  std::int64_t macs = 0;
  std::int64_t params = 0;
};

/// The networks that a run searches, each a checkpoint: of --weights_dir, or random weights that
/// are made once and kept in the cache folder, so that loading always reads a file.
class Candidates {
 public:
  explicit Candidates(const Options& options) : options_(options) {}

  /// The checkpoint's header, checked against its architecture once. Throws std::runtime_error
  /// that names the file and what is wrong with it.
  const SafetensorsFile& checkpoint(const std::string& subject);
  /// "random (seed 0)", or the file's name and the hash of its tensors.
  [[nodiscard]] std::string describe_weights(const std::string& subject);
  [[nodiscard]] bool random_weights() const { return options_.weights_dir.empty(); }

  /// Builds a part of a network on a device and waits until it is there: opens the checkpoint
  /// anew, as a search that comes to its next candidate does.
  [[nodiscard]] Network build(const std::string& subject, const StageRange& range,
                              const Device& device, LoadSeconds* seconds = nullptr);
  /// Hash of the tensors of a part.
  [[nodiscard]] std::string hash(const std::string& subject, const StageRange& range);
  /// Counted from the shapes of one pass.
  [[nodiscard]] Work work(const std::string& subject, const StageRange& range);
  /// One item of what a range of stages that starts with the stem returns, without the batch
  /// dimension: activations at the cut, or features.
  [[nodiscard]] std::vector<std::int64_t> output_shape(const std::string& subject,
                                                       const StageRange& range);

 private:
  /// What one pass told of a stage.
  struct StageFacts {
    std::int64_t macs = 0;
    std::vector<std::int64_t> output;
  };
  const std::vector<StageFacts>& stage_facts(const std::string& subject);
  std::filesystem::path file_of(const Architecture& architecture);

  const Options& options_;
  std::map<std::string, std::unique_ptr<SafetensorsFile>> checkpoints_;
  std::map<std::string, std::string> errors_;
  std::map<std::string, std::string> hashes_;
  std::map<std::string, std::vector<StageFacts>> stage_facts_;  ///< stem, blocks, head
};

}  // namespace model_search
