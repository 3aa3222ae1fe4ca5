// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace model_search {

/// Writes `directory/<subject>.<configuration>.safetensors`: `features` [N, D] float32, `labels`
/// [N] int64, and in the metadata `items` (a JSON list of the items' names, in order) beside
/// `facts`. Throws std::runtime_error that names the file.
void write_feature_file(const std::filesystem::path& directory, const std::string& subject,
                        const std::string& configuration, const at::Tensor& features,
                        const std::vector<std::int64_t>& labels,
                        const std::vector<std::string>& items,
                        std::map<std::string, std::string> facts);

}  // namespace model_search
