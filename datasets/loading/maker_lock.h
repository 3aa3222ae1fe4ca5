// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <thread>

#include "datasets/files/file_descriptor.h"

namespace model_search {

/// The right to make a file or folder that several processes share, perhaps on several machines:
/// whoever has it makes it, the others wait and then find it there. Whoever gets the right must
/// look again whether somebody has made it.
///
/// The right is flock()'s lock of `<path>.lock`, which the system drops when its process dies.
/// Where the file system refuses locks (ENOLCK, EOPNOTSUPP, ENOSYS: some network file systems),
/// which is said once on stderr, it is the file `<path>.lock.held`, which only one process can
/// create. Its owner touches it every few seconds. It is taken over when its owner is a process of
/// this host that does not live, or when it has not been touched for a minute of the waiting
/// process' clock.
class MakerLock {
 public:
  struct Rules {
    double limit = 3600;    ///< seconds after which a waiting process gives up
    double untouched = 60;  ///< seconds after which a file is taken over
    /// Takes the lock of a file's descriptor, or returns -1 with errno, as flock() does.
    std::function<int(int descriptor)> lock{};
  };

  /// Waits for the right, and says so on stderr after a second, with the process that has it.
  /// Throws std::runtime_error that names the path after the limit, or where neither a lock nor a
  /// file is possible.
  explicit MakerLock(const std::filesystem::path& path) : MakerLock(path, Rules{}) {}
  MakerLock(const std::filesystem::path& path, Rules rules);
  ~MakerLock();
  MakerLock(const MakerLock&) = delete;
  MakerLock& operator=(const MakerLock&) = delete;

 private:
  class Patience;
  void wait_for_file(const std::filesystem::path& path, const Rules& rules, Patience& patience);

  FileDescriptor lock_;
  std::filesystem::path held_;  ///< the file that is removed at the end
  std::jthread touching_;
};

}  // namespace model_search
