// SPDX-License-Identifier: Apache-2.0
#include "datasets/generated/generated_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <stdexcept>
#include <system_error>
#include <thread>

#include "datasets/files/new_file.h"

namespace model_search {
namespace {

namespace fs = std::filesystem;

/// Held by the process that generates. The system drops it when the process dies, which
/// distinguishes the remains of an interrupted run from what another process is writing. Where the
/// file system has no locks, a file that only one process can create takes their place; it is taken
/// over when it is old, because nothing drops it.
class FolderLock {
 public:
  explicit FolderLock(const fs::path& path) {
    descriptor_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    int result = -1;
    if (descriptor_ >= 0) {
      do {
        result = ::flock(descriptor_, LOCK_EX);
      } while (result != 0 && errno == EINTR);
    }
    if (result == 0) return;
    const int error = errno;
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = -1;
    if (error != ENOLCK && error != EOPNOTSUPP && error != ENOSYS) {
      throw std::runtime_error("cannot lock '" + path.string() +
                               "': " + std::generic_category().message(error));
    }
    wait_for_own(path.string() + ".held");
  }
  ~FolderLock() {
    if (descriptor_ >= 0) ::close(descriptor_);
    std::error_code ignored;
    if (!held_.empty()) fs::remove(held_, ignored);
  }
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  void wait_for_own(const fs::path& path) {
    constexpr std::chrono::minutes old(10);
    constexpr std::chrono::milliseconds pause(100);
    while (true) {
      const int made = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
      if (made >= 0) {
        ::close(made);
        held_ = path;
        return;
      }
      if (errno != EEXIST) {
        throw std::runtime_error("cannot make '" + path.string() +
                                 "': " + std::generic_category().message(errno));
      }
      std::error_code error;
      const auto made_at = fs::last_write_time(path, error);
      if (!error && fs::file_time_type::clock::now() - made_at > old) fs::remove(path, error);
      std::this_thread::sleep_for(pause);
    }
  }

  int descriptor_ = -1;
  fs::path held_;
};

}  // namespace

fs::path ensure_generated_folder(const fs::path& cache_directory, const std::string& name,
                                 const FillFolder& fill) {
  const fs::path folder = cache_directory / name;
  try {
    if (fs::exists(folder)) return folder;
    fs::create_directories(cache_directory);
    const FolderLock lock(cache_directory / (name + ".lock"));
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
