// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace model_search {

/// Is thrown where the file of an item cannot be read: it is damaged, of a kind that is not read,
/// or gone.
struct DamagedFile : std::runtime_error {
  DamagedFile(std::filesystem::path file, const std::string& message, std::string why)
      : std::runtime_error(message), path(std::move(file)), reason(std::move(why)) {}
  std::filesystem::path path;
  std::string reason;  ///< without the path
};

/// read_file() whose error is a DamagedFile.
void read_item_file(const std::filesystem::path& path, std::vector<std::byte>& bytes);

/// A damaged file by its place in a list.
struct Damage {
  std::size_t index = 0;
  std::string reason;
};

/// Calls `read(i)` once for each i below `count`, on up to `threads` threads, and returns those for
/// which it throws DamagedFile, in their order. Other exceptions end the pass and are thrown.
[[nodiscard]] std::vector<Damage> find_damage(std::size_t count, std::size_t threads,
                                              const std::function<void(std::size_t)>& read);

}  // namespace model_search
