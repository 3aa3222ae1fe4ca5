// SPDX-License-Identifier: Apache-2.0
#include "datasets/files/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace model_search {
namespace {

std::uint64_t bytes_of_file(const FileDescriptor& file, const std::filesystem::path& path) {
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) throw_file_error("read", path, errno);
  return static_cast<std::uint64_t>(status.st_size);
}

}  // namespace

MappedFile::MappedFile(std::filesystem::path path)
    : path_(std::move(path)), file_(::open(path_.c_str(), O_RDONLY | O_CLOEXEC)) {
  if (!file_) throw_file_error("open", path_, errno);
  size_ = bytes_of_file(file_, path_);
  if (size_ == 0) return;
  void* mapped = ::mmap(nullptr, size_, PROT_READ, MAP_SHARED, file_.get(), 0);
  if (mapped == MAP_FAILED) throw_file_error("map", path_, errno);
  bytes_ = static_cast<std::byte*>(mapped);
}

MappedFile::~MappedFile() {
  if (bytes_ != nullptr) ::munmap(bytes_, size_);
}

void MappedFile::read(std::uint64_t offset, std::span<iovec> parts) const {
  std::uint64_t bytes = 0;
  for (const iovec& part : parts) bytes += part.iov_len;
  // Ask for the size at each read: touching pages behind the end of a file ends the program.
  if (offset + bytes > bytes_of_file(file_, path_) || offset + bytes > size_) {
    throw std::runtime_error("'" + path_.string() + "' ended too early");
  }
  if (bytes == 0) return;
  // Give no advice: the system reads ahead by itself, and MADV_WILLNEED can halve the speed of cold
  // reads.
  for (iovec& part : parts) {
    std::memcpy(part.iov_base, bytes_ + offset, part.iov_len);
    offset += part.iov_len;
  }
}

}  // namespace model_search
