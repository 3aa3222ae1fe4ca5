// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "datasets/files/file_bytes.h"

namespace model_search {

inline std::vector<std::byte> bytes_of_file(const std::filesystem::path& path) {
  std::vector<std::byte> bytes;
  read_file(path, bytes);
  return bytes;
}

}  // namespace model_search
