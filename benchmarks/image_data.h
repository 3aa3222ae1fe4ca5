// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "benchmarks/options.h"
#include "datasets/image_source.h"

namespace model_search {

/// The photographs of a run: those of --data_dir or the embedded default data set, listed once.
class ImageData {
 public:
  explicit ImageData(const Options& options) : options_(options) {}

  /// Lists the data set, generating the default one first where needed (progress on stderr).
  /// Throws std::runtime_error that names the folder.
  const ClassFolder& folder();
  /// The photographs through one decoder.
  [[nodiscard]] std::shared_ptr<const ImageSource> source(const std::string& decoder);
  /// `count` preprocessed photographs [count, 3, 224, 224] float32 on the host, spread over the
  /// data set (wrapping around where it holds fewer). Kept until another call needs more.
  [[nodiscard]] at::Tensor images(const std::string& decoder, std::int64_t count);
  [[nodiscard]] std::vector<std::int64_t> labels();
  /// File names relative to the split's folder, in the data set's order.
  [[nodiscard]] std::vector<std::string> item_names();

 private:
  const Options& options_;
  std::unique_ptr<ClassFolder> folder_;
  std::map<std::string, std::shared_ptr<const ImageSource>> sources_;
  std::string images_decoder_;
  at::Tensor images_;
};

}  // namespace model_search
