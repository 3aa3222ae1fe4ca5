// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace model_search {

/// A library that decodes images, and its version.
struct DecoderLibrary {
  std::string name;
  std::string version;
};

/// The libraries of this build: pixels and speed depend on their versions.
[[nodiscard]] std::vector<DecoderLibrary> decoder_libraries();

}  // namespace model_search
