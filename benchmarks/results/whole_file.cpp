// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/results/whole_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "datasets/files/file_descriptor.h"

namespace model_search {
namespace {

void write_durably(const std::filesystem::path& path, std::string_view text) {
  const FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  const auto fail = [] { throw std::system_error(errno, std::generic_category()); };
  if (file.get() < 0) fail();
  while (!text.empty()) {
    const ssize_t written = ::write(file.get(), text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail();
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  // Some file systems report a full disk only here.
  if (::fdatasync(file.get()) != 0 && errno != EINVAL) fail();
}

}  // namespace

void write_whole_file(const std::filesystem::path& path, std::string_view text) {
  std::filesystem::path partial = path;
  partial += ".partial";
  try {
    write_durably(partial, text);
    std::filesystem::rename(partial, path);
  } catch (const std::system_error&) {
    std::error_code ignored;
    std::filesystem::remove(partial, ignored);
    throw;
  }
}

}  // namespace model_search
