// SPDX-License-Identifier: Apache-2.0
#include "datasets/files/page_cache.h"

#include <fcntl.h>
#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "datasets/files/file_descriptor.h"
#include "datasets/files/regular_file.h"

namespace model_search {
namespace {

namespace fs = std::filesystem;

/// Larger files are examined window by window, because the answer takes a byte for each page.
constexpr std::uint64_t window_bytes = std::uint64_t{1} << 30U;

/// A mapping of a file; making it reads nothing.
class Mapping {
 public:
  Mapping(const FileDescriptor& file, std::uint64_t offset, std::size_t bytes, const fs::path& path)
      : bytes_(bytes),
        address_(
            ::mmap(nullptr, bytes, PROT_READ, MAP_SHARED, file.get(), static_cast<off_t>(offset))) {
    if (address_ == MAP_FAILED) throw_file_error("map", path, errno);
  }
  ~Mapping() { ::munmap(address_, bytes_); }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  [[nodiscard]] void* address() const { return address_; }

 private:
  std::size_t bytes_;
  void* address_;
};

std::uint64_t resident_bytes(const FileDescriptor& file, std::uint64_t size, const fs::path& path) {
  const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  std::uint64_t resident = 0;
  std::vector<unsigned char> pages;
  for (std::uint64_t offset = 0; offset < size; offset += window_bytes) {
    const std::uint64_t bytes = std::min(window_bytes, size - offset);
    const Mapping mapping(file, offset, bytes, path);
    pages.resize((bytes + page - 1) / page);
    if (::mincore(mapping.address(), bytes, pages.data()) != 0) {
      throw_file_error("ask for the pages of", path, errno);
    }
    for (std::size_t i = 0; i < pages.size(); ++i) {
      if ((pages[i] & 1U) != 0) resident += std::min(page, bytes - i * page);
    }
  }
  return resident;
}

struct KeptFile {
  const fs::path* path = nullptr;
  std::uint64_t kept = 0;  ///< bytes that are still in the page cache
  std::uint64_t size = 0;
};

/// Asks the system to drop a file's pages.
KeptFile drop(const fs::path& path) {
  const RegularFile opened = open_regular_file(path);
  const FileDescriptor& file = opened.file;
  const std::uint64_t size = opened.bytes;
  const auto ask = [&] {
    if (const int error = ::posix_fadvise(file.get(), 0, 0, POSIX_FADV_DONTNEED)) {
      throw_file_error("drop the pages of", path, error);
    }
    return resident_bytes(file, size, path);
  };
  std::uint64_t kept = ask();
  if (kept > 0) {  // Dirty pages stay until they are written.
    if (::fsync(file.get()) != 0 && errno != EINVAL && errno != EROFS) {
      throw_file_error("write back", path, errno);
    }
    kept = ask();
  }
  return {&path, kept, size};
}

}  // namespace

std::uint64_t resident_bytes(const fs::path& file) {
  const RegularFile opened = open_regular_file(file);
  return resident_bytes(opened.file, opened.bytes, file);
}

void drop_pages(std::span<const fs::path> files) {
  using std::chrono::milliseconds;
  std::uint64_t all = 0;
  std::vector<KeptFile> kept;
  for (const fs::path& path : files) {
    const KeptFile file = drop(path);
    all += file.size;
    if (file.kept > 0) kept.push_back(file);
  }
  // Pages that the system is reading ahead at this moment stay until they are read.
  for (const milliseconds pause : {milliseconds(2), milliseconds(20), milliseconds(200)}) {
    if (kept.empty()) return;
    std::this_thread::sleep_for(pause);
    for (KeptFile& file : kept) file = drop(*file.path);
    std::erase_if(kept, [](const KeptFile& file) { return file.kept == 0; });
  }
  if (kept.empty()) return;
  std::uint64_t left = 0;
  for (const KeptFile& file : kept) left += file.kept;
  const KeptFile& example = kept.front();
  throw std::runtime_error(
      std::to_string(left) + " of " + std::to_string(all) +
      " bytes of the files are still in the page cache after asking the system to drop them: '" +
      example.path->string() + "' (" + std::to_string(example.kept) + " of " +
      std::to_string(example.size) +
      " bytes); is it in a file system in memory, mapped by a program, or another user's?");
}

}  // namespace model_search
