// SPDX-License-Identifier: Apache-2.0
#include "datasets/generated/generated_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace model_search {
namespace {

namespace fs = std::filesystem;

/// Held by the process that generates. The system drops it when the process dies, which
/// distinguishes the remains of an interrupted run from what another process is writing.
class FolderLock {
 public:
  explicit FolderLock(const fs::path& path)
      : descriptor_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)) {
    int result = -1;
    if (descriptor_ >= 0) {
      do {
        result = ::flock(descriptor_, LOCK_EX);
      } while (result != 0 && errno == EINTR);
    }
    if (result == 0) return;
    const int error = errno;
    if (descriptor_ >= 0) ::close(descriptor_);
    throw std::runtime_error("cannot lock '" + path.string() +
                             "': " + std::generic_category().message(error));
  }
  ~FolderLock() { ::close(descriptor_); }
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int descriptor_;
};

}  // namespace

fs::path ensure_generated_folder(const fs::path& cache_directory, const std::string& name,
                                 const FillFolder& fill) {
  const fs::path folder = cache_directory / name;
  const fs::path partial = cache_directory / (name + ".partial");
  try {
    if (fs::exists(folder)) return folder;
    fs::create_directories(cache_directory);
    const FolderLock lock(cache_directory / (name + ".lock"));
    if (fs::exists(folder)) return folder;  // Another process was first.
    fs::remove_all(partial);                // left by an interrupted run
    try {
      fill(partial);
      fs::rename(partial, folder);
    } catch (...) {
      std::error_code ignored;  // The reason to report is the first one.
      fs::remove_all(partial, ignored);
      throw;
    }
  } catch (const fs::filesystem_error& error) {
    throw std::runtime_error("cannot make the default data set in '" + error.path1().string() +
                             "': " + error.code().message());
  }
  return folder;
}

}  // namespace model_search
