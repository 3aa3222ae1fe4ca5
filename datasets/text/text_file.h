// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "datasets/files/file_bytes.h"
#include "datasets/files/json_text.h"

namespace model_search {

/// An error that names its file.
struct FileError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Returns `read(text)` of a file's text. Adds the file's name to errors that do not name one, and
/// shortens the JSON library's, which quote the file.
template <typename Read>
auto parse_file(const std::filesystem::path& path, const Read& read) {
  try {
    std::vector<std::byte> bytes;
    read_file(path, bytes);
    return read(std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
  } catch (const FileError&) {
    throw;
  } catch (const nlohmann::json::exception& error) {
    throw FileError(path.string() + ": " + shortened(error.what()));
  } catch (const std::runtime_error& error) {
    throw FileError(path.string() + ": " + error.what());
  }
}

}  // namespace model_search
