// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/feature_file.h"

#include <ATen/ops/from_blob.h>

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <system_error>

#include "fixtures/weights/safetensors.h"

namespace model_search {

void write_feature_file(const std::filesystem::path& directory, const std::string& subject,
                        const std::string& configuration, const at::Tensor& features,
                        const std::vector<std::int64_t>& labels,
                        const std::vector<std::string>& items,
                        std::map<std::string, std::string> facts) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) {
    throw std::runtime_error("--features_dir=" + directory.string() +
                             " cannot be made: " + error.message());
  }
  facts["subject"] = subject;
  facts["configuration"] = configuration;
  facts["items"] =
      nlohmann::json(items).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  const at::Tensor label_tensor =
      at::from_blob(const_cast<std::int64_t*>(labels.data()),
                    {static_cast<std::int64_t>(labels.size())}, at::TensorOptions(at::kLong));
  write_safetensors(directory / (subject + "." + configuration + ".safetensors"),
                    {{"features", features.cpu().contiguous()}, {"labels", label_tensor}}, facts);
}

}  // namespace model_search
