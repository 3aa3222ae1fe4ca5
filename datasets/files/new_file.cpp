// SPDX-License-Identifier: Apache-2.0
#include "datasets/files/new_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <random>
#include <string>
#include <tuple>
#include <utility>

#include "datasets/files/file_bytes.h"

namespace model_search {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view part_ending = ".part";
constexpr std::size_t digits = 16;

std::string random_digits() {
  std::random_device random;
  std::string text(digits, '0');
  for (char& digit : text) digit = "0123456789abcdef"[random() % 16];
  return text;
}

/// The name of the file or folder that a part becomes; empty where `name` is not a part's.
std::string_view finished_name(std::string_view name) {
  if (name.size() <= digits + part_ending.size() + 1 || !name.ends_with(part_ending)) return {};
  name.remove_suffix(part_ending.size());
  const std::string_view random = name.substr(name.size() - digits);
  const bool is_part = name[name.size() - digits - 1] == '.' &&
                       random.find_first_not_of("0123456789abcdef") == std::string_view::npos;
  return is_part ? name.substr(0, name.size() - digits - 1) : std::string_view{};
}

/// Takes the lock of an open file or folder; -1 with errno where that is not possible.
int lock(const FileDescriptor& file, int how) {
  int result = -1;
  do {
    result = ::flock(file.get(), how);
  } while (result != 0 && errno == EINTR);
  return result;
}

/// Makes a part with `make`, which returns its descriptor, or -1 with errno; and locks it.
template <class Make>
std::pair<fs::path, FileDescriptor> make_part(const fs::path& path, const Make& make) {
  while (true) {
    fs::path part = path;
    part += "." + random_digits() + std::string(part_ending);
    FileDescriptor file(make(part));
    if (!file && errno == EEXIST) continue;
    if (!file) throw_file_error("create", path, errno);
    // A file system without locks only loses the removal of left-over parts.
    (void)lock(file, LOCK_EX);
    // Whoever removes left-over parts may have found this one before it was locked.
    if (fs::exists(part)) return {std::move(part), std::move(file)};
  }
}

}  // namespace

NewFile::NewFile(fs::path path, mode_t mode) : path_(std::move(path)) {
  std::tie(part_, file_) = make_part(path_, [](const fs::path& part) {
    return ::open(part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  });
  if (mode != 0 && ::fchmod(file_.get(), mode) != 0) {
    const int error = errno;
    ::unlink(part_.c_str());
    throw_file_error("create", path_, error);
  }
}

NewFile::~NewFile() {
  if (!part_.empty()) ::unlink(part_.c_str());
}

void NewFile::write(std::span<const std::byte> bytes) {
  write_bytes(file_, bytes, path_);
}

void NewFile::finish() {
  // Network file systems report a full disk only here.
  if (::fdatasync(file_.get()) != 0 && errno != EINVAL) throw_file_error("write", path_, errno);
  if (::rename(part_.c_str(), path_.c_str()) != 0) throw_file_error("replace", path_, errno);
  part_.clear();
  if (file_.close() != 0) throw_file_error("write", path_, errno);
}

NewFolder::NewFolder(fs::path path) : path_(std::move(path)) {
  std::tie(part_, lock_) = make_part(path_, [](const fs::path& part) {
    if (::mkdir(part.c_str(), 0777) != 0) return -1;
    const int folder = ::open(part.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    // Where it cannot be opened, it was taken for a left-over part: another name is tried.
    if (folder < 0 && errno == ENOENT) errno = EEXIST;
    return folder;
  });
}

NewFolder::~NewFolder() {
  std::error_code ignored;
  if (!part_.empty()) fs::remove_all(part_, ignored);
}

bool NewFolder::finish() {
  if (::rename(part_.c_str(), path_.c_str()) != 0) {
    if (errno == EEXIST || errno == ENOTEMPTY) return false;
    throw_file_error("replace", path_, errno);
  }
  part_.clear();
  return true;
}

void remove_left_over_parts(const fs::path& folder, const std::string& name) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const std::string part = entry.path().filename().string();
    const std::string_view finished = finished_name(part);
    if (finished.empty() || (!name.empty() && finished != name)) continue;
    const int access = entry.is_directory(ignored) ? O_RDONLY | O_DIRECTORY : O_RDWR;
    const FileDescriptor file(
        ::open(entry.path().c_str(), access | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (file && lock(file, LOCK_EX | LOCK_NB) == 0) fs::remove_all(entry.path(), ignored);
  }
}

}  // namespace model_search
