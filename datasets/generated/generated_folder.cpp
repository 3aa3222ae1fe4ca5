// SPDX-License-Identifier: Apache-2.0
#include "datasets/generated/generated_folder.h"

#include <stdexcept>

#include "datasets/files/new_file.h"
#include "datasets/loading/maker_lock.h"

namespace model_search {

namespace fs = std::filesystem;

fs::path ensure_generated_folder(const fs::path& cache_directory, const std::string& name,
                                 const FillFolder& fill) {
  const fs::path folder = cache_directory / name;
  try {
    if (fs::exists(folder)) return folder;
    fs::create_directories(cache_directory);
    const MakerLock lock(folder);
    if (fs::exists(folder)) return folder;  // Another process was first.
    remove_left_over_parts(cache_directory, name);
    NewFolder made(folder);
    fill(made.part());
    (void)made.finish();  // Where the lock was taken over, another process may have been first.
  } catch (const fs::filesystem_error& error) {
    throw std::runtime_error("cannot make the default data set in '" + error.path1().string() +
                             "': " + error.code().message());
  }
  return folder;
}

}  // namespace model_search
