// SPDX-License-Identifier: Apache-2.0
#include "datasets/files/regular_file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace model_search {
namespace {

[[noreturn]] void refuse(const std::filesystem::path& path) {
  throw std::runtime_error("'" + path.string() + "' is not a regular file; give the path of one");
}

}  // namespace

RegularFile open_regular_file(const std::filesystem::path& path, int flags) {
  // Without O_NONBLOCK, opening a pipe would wait for its writer; a regular file ignores it.
  RegularFile result{
      FileDescriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | flags))};
  if (!result.file) {
    const int error = errno;
    if (error == ENXIO) refuse(path);  // A socket, or a device that is not there.
    throw_file_error("open", path, error);
  }
  struct stat status {};
  if (::fstat(result.file.get(), &status) != 0) throw_file_error("read", path, errno);
  if (S_ISDIR(status.st_mode)) throw_file_error("read", path, EISDIR);
  if (!S_ISREG(status.st_mode)) refuse(path);
  result.bytes = static_cast<std::uint64_t>(status.st_size);
  return result;
}

void require_regular_file(const std::filesystem::path& path) {
  std::error_code missing;  // Whoever opens it reports that.
  const auto status = std::filesystem::status(path, missing);
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status) &&
      !std::filesystem::is_directory(status)) {
    refuse(path);
  }
}

}  // namespace model_search
