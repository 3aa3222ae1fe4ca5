// SPDX-License-Identifier: Apache-2.0
#include "datasets/files/mapped_file.h"

#include <sys/mman.h>
#include <sys/stat.h>

#include <cerrno>
#include <stdexcept>
#include <utility>

#include "datasets/files/guarded_copy.h"
#include "datasets/files/regular_file.h"

namespace model_search {
namespace {

/// The file's bytes and the nanosecond of its last change.
struct FileState {
  std::uint64_t bytes = 0;
  std::int64_t changed = 0;
};

FileState state_of(const FileDescriptor& file, const std::filesystem::path& path) {
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) throw_file_error("read", path, errno);
  constexpr std::int64_t second = 1'000'000'000;
  return {static_cast<std::uint64_t>(status.st_size),
          status.st_mtim.tv_sec * second + status.st_mtim.tv_nsec};
}

}  // namespace

MappedFile::MappedFile(std::filesystem::path path) : path_(std::move(path)) {
  RegularFile opened = open_regular_file(path_);
  file_ = std::move(opened.file);
  size_ = opened.bytes;
  changed_ = state_of(file_, path_).changed;
  if (size_ == 0) return;
  void* mapped = ::mmap(nullptr, size_, PROT_READ, MAP_SHARED, file_.get(), 0);
  if (mapped == MAP_FAILED) throw_file_error("map", path_, errno);
  bytes_ = static_cast<std::byte*>(mapped);
}

MappedFile::~MappedFile() {
  if (bytes_ != nullptr) ::munmap(bytes_, size_);
}

void MappedFile::fail(const char* what) const {
  throw std::runtime_error("'" + path_.string() + "' " + what);
}

void MappedFile::check_unchanged() const {
  const FileState now = state_of(file_, path_);
  if (now.bytes < size_) fail("became shorter while it was read");
  if (now.changed != changed_) fail("was changed while it was read");
}

void MappedFile::read(std::uint64_t offset, std::span<iovec> parts) const {
  std::uint64_t bytes = 0;
  for (const iovec& part : parts) bytes += part.iov_len;
  if (offset > size_ || bytes > size_ - offset) fail("ended too early");
  check_unchanged();
  if (bytes == 0) return;
  // Give no advice: the system reads ahead by itself, and MADV_WILLNEED can halve the speed of cold
  // reads.
  for (iovec& part : parts) {
    if (!guarded_copy(static_cast<std::byte*>(part.iov_base), {bytes_ + offset, part.iov_len})) {
      fail("became shorter while it was read");
    }
    offset += part.iov_len;
  }
  // A file that was truncated has zeros in the rest of its last page.
  check_unchanged();
}

}  // namespace model_search
