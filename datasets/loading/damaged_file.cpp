// SPDX-License-Identifier: Apache-2.0
#include "datasets/loading/damaged_file.h"

#include <algorithm>
#include <exception>
#include <mutex>
#include <system_error>

#include "datasets/files/file_bytes.h"
#include "datasets/loading/in_parallel.h"

namespace model_search {
namespace {

/// Whether the process lacks something, so that the file may be sound.
bool is_of_process(const std::error_code& code) {
  return code == std::errc::too_many_files_open ||
         code == std::errc::too_many_files_open_in_system || code == std::errc::not_enough_memory;
}

}  // namespace

void read_item_file(const std::filesystem::path& path, std::vector<std::byte>& bytes) {
  try {
    read_file(path, bytes);
  } catch (const std::system_error& error) {
    if (is_of_process(error.code())) throw;
    throw DamagedFile(path, error.what(), "cannot be read: " + error.code().message());
  } catch (const std::runtime_error& error) {
    throw DamagedFile(path, error.what(), "is not a regular file");
  }
}

std::vector<Damage> find_damage(std::size_t count, std::size_t threads,
                                const std::function<void(std::size_t)>& read) {
  std::vector<Damage> found;
  std::mutex mutex;  // guards found
  in_parallel(count, threads, [&](std::size_t index) {
    try {
      read(index);
    } catch (const DamagedFile& error) {
      const std::lock_guard lock(mutex);
      found.push_back({index, error.reason});
    }
  });
  std::ranges::sort(found, {}, &Damage::index);
  return found;
}

}  // namespace model_search
