// SPDX-License-Identifier: Apache-2.0
#include "datasets/loading/maker_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <tuple>
#include <utility>

#include "datasets/files/host_name.h"
#include "datasets/loading/host_clock.h"
#include "datasets/loading/waits.h"
#include "datasets/text/printable.h"

namespace model_search {
namespace {

namespace fs = std::filesystem;

/// Who has the right: what the file says, "<host> <process>".
struct Owner {
  std::string host;
  long process = 0;

  [[nodiscard]] std::string text() const {
    if (host.empty()) return "another process";
    return "process " + std::to_string(process) + " of " + host;
  }
  /// Whether it is a process of this host that is not there. One of another container on this host
  /// is not seen either; two makers then do the same work, which harms nobody.
  [[nodiscard]] bool is_dead() const {
    if (process <= 0 || host != host_name()) return false;
    return ::kill(static_cast<pid_t>(process), 0) != 0 && errno == ESRCH;
  }
};

Owner owner_in(const fs::path& path) {
  Owner owner;
  std::ifstream(path) >> owner.host >> owner.process;
  return owner;
}

void write_owner(const FileDescriptor& file) {
  const std::string text = host_name() + " " + std::to_string(::getpid()) + "\n";
  // What cannot be written only names nobody.
  if (::ftruncate(file.get(), 0) != 0) return;
  [[maybe_unused]] const auto written = ::pwrite(file.get(), text.data(), text.size(), 0);
}

int system_lock(int descriptor) {
  return ::flock(descriptor, LOCK_EX | LOCK_NB);
}

bool is_refusal(int error) {
  return error == ENOLCK || error == EOPNOTSUPP || error == ENOSYS;
}

/// What distinguishes a file from the same one before it was touched, or from its successor.
using Mark = std::tuple<ino_t, time_t, long>;

std::optional<Mark> mark_of(const fs::path& path) {
  struct stat found = {};
  if (::stat(path.c_str(), &found) != 0) return std::nullopt;
  return Mark{found.st_ino, found.st_mtim.tv_sec, found.st_mtim.tv_nsec};
}

bool is_file_at(const FileDescriptor& file, const fs::path& path) {
  struct stat opened = {};
  struct stat there = {};
  return ::fstat(file.get(), &opened) == 0 && ::stat(path.c_str(), &there) == 0 &&
         opened.st_ino == there.st_ino && opened.st_dev == there.st_dev;
}

/// Removes the file where it still has this mark; false where it has not. A successor that is made
/// meanwhile stays: what is removed is looked at again under a name that nobody else has.
bool remove_marked(const fs::path& path, const Mark& mark) {
  static std::atomic<unsigned> count = 0;
  fs::path aside = path;
  aside += "." + host_name() + "-" + std::to_string(::getpid()) + "-" + std::to_string(count++);
  if (mark_of(path) != mark || ::rename(path.c_str(), aside.c_str()) != 0) return false;
  const bool same = mark_of(aside) == mark;
  // It goes back, unless a third process has made its own file by now.
  if (!same && ::link(aside.c_str(), path.c_str()) != 0 && errno != EEXIST) {
    (void)::rename(aside.c_str(), path.c_str());
  }
  (void)::unlink(aside.c_str());
  return same;
}

}  // namespace

/// Pauses between two looks, says once what it waits for, and ends when the limit is over.
class MakerLock::Patience {
 public:
  Patience(const fs::path& path, double limit) : path_(path), limit_(limit) {}

  void pause(const Owner& owner) {
    const double waited = clock_.seconds();
    if (waited > limit_) {
      throw std::runtime_error("gave up waiting for '" + path_.string() + "', which " +
                               owner.text() + " makes, after " +
                               std::to_string(static_cast<int>(waited)) +
                               " s; end that process, or give another --cache_dir");
    }
    if (!said_ && waited > 1) {
      said_ = true;
      note("Waiting for '" + path_.string() + "', which " + owner.text() + " makes");
    }
    note_progress();  // Of the other process, which lives.
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }

 private:
  const fs::path path_;
  const double limit_;
  const HostClock clock_;
  bool said_ = false;
};

MakerLock::MakerLock(const fs::path& path, Rules rules) {
  if (!rules.lock) rules.lock = system_lock;
  Patience patience(path, rules.limit);
  fs::path file = path;
  file += ".lock";
  int error = 0;
  while (error == 0) {
    lock_ = FileDescriptor(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
    if (!lock_) throw_file_error("create", file, errno);
    if (rules.lock(lock_.get()) == 0) {
      // Its last owner may have removed the file after it was opened here.
      if (!is_file_at(lock_, file)) {
        patience.pause(owner_in(file));
        continue;
      }
      write_owner(lock_);
      held_ = file;
      return;
    }
    if (errno == EWOULDBLOCK) {
      patience.pause(owner_in(file));
    } else if (errno != EINTR) {
      error = errno;
    }
  }
  (void)lock_.close();
  if (!is_refusal(error)) throw_file_error("lock", file, error);
  static std::atomic_flag said;
  if (!said.test_and_set()) {
    note("The file system of '" + file.string() + "' refuses locks (" +
         std::generic_category().message(error) + "): files named *.held take their place.");
  }
  file += ".held";
  wait_for_file(file, rules, patience);
}

MakerLock::~MakerLock() {
  std::error_code ignored;
  if (lock_) {
    fs::remove(held_, ignored);
    return;
  }
  if (!touching_.joinable()) return;
  touching_.request_stop();
  touching_.join();
  // Another process may have taken it over while this one stood still.
  const Owner owner = owner_in(held_);
  if (owner.process == ::getpid() && owner.host == host_name()) fs::remove(held_, ignored);
}

void MakerLock::wait_for_file(const fs::path& path, const Rules& rules, Patience& patience) {
  FileDescriptor made;
  std::optional<Mark> seen;
  HostClock untouched;
  while (true) {
    made = FileDescriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (made) {
      write_owner(made);
      break;
    }
    if (errno != EEXIST) throw_file_error("create", path, errno);
    // In this order the owner is never an earlier file's than the mark.
    const std::optional<Mark> now = mark_of(path);
    const Owner owner = owner_in(path);
    if (now != seen) {
      seen = now;
      untouched = HostClock();
    }
    const bool over = seen && (owner.is_dead() || untouched.seconds() > rules.untouched);
    if (over && remove_marked(path, *seen)) continue;
    patience.pause(owner);
  }
  held_ = path;
  // By the descriptor: at the path there may be a successor's file.
  touching_ = std::jthread(
      [made = std::move(made), pause = rules.untouched / 6](const std::stop_token& stop) {
        std::mutex mutex;
        std::unique_lock lock(mutex);
        std::condition_variable_any never;
        const std::chrono::duration<double> interval(pause);
        while (!never.wait_for(lock, stop, interval, [&] { return stop.stop_requested(); })) {
          (void)::futimens(made.get(), nullptr);
        }
      });
}

}  // namespace model_search
