// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "benchmarks/input_settings.h"
#include "benchmarks/options.h"
#include "datasets/class_folder.h"
#include "datasets/item_source.h"
#include "fixtures/models/network.h"

namespace model_search {

/// The data of a run, by kind ("images", "text"): those of --data_dir and --text_dir, or the
/// embedded default data sets. Each is listed once.
class DataSets {
 public:
  explicit DataSets(const Options& options) : options_(options) {}

  /// Lists the data set, generating the default one first where needed (progress on stderr).
  /// Throws std::runtime_error that names the folder.
  const ClassFolder& folder(const std::string& kind);
  /// Whether no folder of the user's is read.
  [[nodiscard]] bool embedded(const std::string& kind) const;
  /// The items, made from their files.
  [[nodiscard]] std::shared_ptr<const ItemSource> source(const InputSettings& input);
  /// All that the items depend on beside their files, for the keys of caches.
  [[nodiscard]] static std::string identity(const InputSettings& input);
  /// `count` items on the host, spread over the data set (wrapping around where it holds fewer),
  /// padded to the full length: the first of them are the same for every count, since features of
  /// them are compared between rows. Kept until another call needs more or others.
  [[nodiscard]] Activations items(const InputSettings& input, std::int64_t count);
  /// File names relative to the split's folder, in the data set's order.
  [[nodiscard]] std::vector<std::string> item_names(const std::string& kind);

 private:
  const Options& options_;
  std::map<std::string, ClassFolder> folders_;
  std::map<std::string, std::string> errors_;
  std::map<std::string, std::shared_ptr<const ItemSource>> sources_;
  std::string items_identity_;
  Activations items_;
};

}  // namespace model_search
