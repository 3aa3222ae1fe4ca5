// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace model_search {

/// A candidate as the user names it: what a row of `--candidates=zoo.json`, or an architecture of
/// `--architectures`, says. Nothing is read of its files yet.
struct ZooEntry {
  std::string name{};  ///< the subject of its rows
  std::string architecture{};
  std::string config{};  ///< JSON text with the checkpoint's width and depth; empty: none
  std::filesystem::path weights{};    ///< a safetensors file; empty: random weights
  std::uint64_t seed = 0;             ///< of random weights
  std::filesystem::path tokenizer{};  ///< file or folder; empty: looked for beside the weights
};

/// Reads a JSON list of {name, architecture, weights, config, tokenizer}. `weights` is a path, or
/// "random", or "random:<seed>" (`seed` where none is given); `config` an object or the path of a
/// JSON file; paths are relative to the zoo's folder. Throws std::runtime_error that names the
/// file, the entry and what is wrong with it. Whether weights and tokenizers exist is seen when
/// they are used: a candidate whose file is missing does not lose the others.
[[nodiscard]] std::vector<ZooEntry> read_zoo(const std::filesystem::path& path, std::uint64_t seed);

}  // namespace model_search
