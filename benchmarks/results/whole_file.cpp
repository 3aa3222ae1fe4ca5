// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/results/whole_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <span>
#include <string>
#include <system_error>

#include "datasets/files/file_bytes.h"
#include "datasets/files/new_file.h"

namespace model_search {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail() {
  throw std::system_error(errno, std::generic_category());
}

/// The number of the process' own stream that a path names; -1 where it names none.
int own_stream(const fs::path& path) {
  const std::string text = fs::absolute(path).lexically_normal().string();
  if (text == "/dev/stdout") return STDOUT_FILENO;
  if (text == "/dev/stderr") return STDERR_FILENO;
  for (const std::string_view folder : {"/dev/fd/", "/proc/self/fd/"}) {
    int number = -1;
    if (!text.starts_with(folder)) continue;
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data() + folder.size(), end, number);
    return read.ptr == end ? number : -1;
  }
  return -1;
}

/// Where the links of a path lead; the file need not exist.
fs::path behind_links(fs::path path) {
  constexpr int most_links = 40;
  for (int links = 0; fs::is_symlink(path); ++links) {
    if (links == most_links) {
      errno = ELOOP;
      fail();
    }
    const fs::path target = fs::read_symlink(path);
    path = target.is_absolute() ? target : path.parent_path() / target;
  }
  return path;
}

}  // namespace

bool is_stream(const fs::path& path) {
  if (own_stream(path) >= 0) return true;
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  return fs::exists(status) && !fs::is_regular_file(status) && !fs::is_directory(status);
}

FileDescriptor open_stream(const fs::path& path) {
  const int own = own_stream(path);
  // Opening the path again would begin at the file's start where the stream is a regular file.
  FileDescriptor file(own >= 0 ? ::fcntl(own, F_DUPFD_CLOEXEC, 0)
                               : ::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
  if (!file) fail();
  return file;
}

void write_whole_file(const fs::path& given, std::string_view text) {
  if (is_stream(given)) {
    write_bytes(open_stream(given), std::as_bytes(std::span(text)), given);
    return;
  }
  const fs::path path = behind_links(given);
  struct stat before = {};
  const mode_t mode = ::stat(path.c_str(), &before) == 0 ? before.st_mode & 07777U : 0;
  NewFile file(path, mode);
  file.write(text);
  file.finish();
}

}  // namespace model_search
