// SPDX-License-Identifier: Apache-2.0
#include "datasets/files/file_bytes.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "datasets/files/file_descriptor.h"
#include "datasets/files/regular_file.h"

namespace model_search {

void read_file(const std::filesystem::path& path, std::vector<std::byte>& bytes) {
  const RegularFile opened = open_regular_file(path);
  bytes.resize(opened.bytes);
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t count = ::read(opened.file.get(), bytes.data() + done, bytes.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw_file_error("read", path, errno);
    if (count == 0) break;  // The file became shorter meanwhile; the decoder checks what it gets.
    done += static_cast<std::size_t>(count);
  }
  bytes.resize(done);
}

void write_bytes(const FileDescriptor& file, std::span<const std::byte> bytes,
                 const std::filesystem::path& path) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(file.get(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw_file_error("write", path, errno);
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
}

void write_file(const std::filesystem::path& path, std::span<const std::byte> bytes) {
  FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  if (!file) throw_file_error("create", path, errno);
  write_bytes(file, bytes, path);
  if (file.close() != 0) throw_file_error("write", path, errno);
}

}  // namespace model_search
