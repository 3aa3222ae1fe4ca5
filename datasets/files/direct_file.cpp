// SPDX-License-Identifier: Apache-2.0
#include "datasets/files/direct_file.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "datasets/files/aligned_memory.h"
#include "datasets/files/regular_file.h"

namespace model_search {
namespace {

/// The most bytes of one read through the aligned buffer: enough for a disk's full speed.
constexpr std::size_t window_bytes = std::size_t{4} << 20U;

AlignedMemory& thread_buffer() {
  thread_local AlignedMemory buffer;
  return buffer;
}

/// Reads until it has `needed` bytes, the file ends, or there is an error (-1, errno), because one
/// read may return fewer bytes than requested. With `direct` each further read begins at an aligned
/// place.
ssize_t read_at(int file, std::span<std::byte> out, std::uint64_t offset, std::size_t needed) {
  std::size_t done = 0;
  while (done < needed) {
    const ssize_t got =
        ::pread(file, out.data() + done, out.size() - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return -1;
    done += static_cast<std::size_t>(got);
    // A direct read that stops at an unaligned place has reached the end of the file.
    if (got == 0 || done % direct_alignment != 0) break;
  }
  return static_cast<ssize_t>(std::min(done, needed));
}

std::size_t bytes_of(std::span<const iovec> parts) {
  std::size_t bytes = 0;
  for (const iovec& part : parts) bytes += part.iov_len;
  return bytes;
}

/// Copies to the parts and returns the ones that remain.
std::span<iovec> scatter(std::span<const std::byte> from, std::span<iovec> parts) {
  while (!from.empty() && !parts.empty()) {
    const std::size_t bytes = std::min(from.size(), parts.front().iov_len);
    std::memcpy(parts.front().iov_base, from.data(), bytes);
    from = from.subspan(bytes);
    parts = parts_after(parts, bytes);
  }
  return parts;
}

}  // namespace

std::span<iovec> parts_after(std::span<iovec> parts, std::size_t bytes) {
  while (!parts.empty() && bytes >= parts.front().iov_len) {
    bytes -= parts.front().iov_len;
    parts = parts.subspan(1);
  }
  if (!parts.empty()) {
    parts.front().iov_base = static_cast<std::byte*>(parts.front().iov_base) + bytes;
    parts.front().iov_len -= bytes;
  }
  return parts;
}

DirectFile::DirectFile(std::filesystem::path path, FileAccess access)
    : path_(std::move(path)), access_(access) {
  RegularFile opened;
  if (access_ == FileAccess::direct) {
    try {
      opened = open_regular_file(path_, O_DIRECT);
      // Some file systems refuse only the first read.
      const std::span<std::byte> probe = thread_buffer().take(direct_alignment);
      if (::pread(opened.file.get(), probe.data(), probe.size(), 0) < 0 && errno == EINVAL) {
        access_ = FileAccess::buffered;
      }
    } catch (const std::system_error& error) {
      if (error.code().value() != EINVAL) throw;
      access_ = FileAccess::buffered;
    }
  }
  if (access_ == FileAccess::buffered) opened = open_regular_file(path_);
  file_ = std::move(opened.file);
  size_ = opened.bytes;
}

void DirectFile::read(std::uint64_t offset, std::span<iovec> parts) const {
  parts = parts_after(parts, 0);  // Drop empty parts at the front.
  if (parts.empty()) return;
  if (access_ == FileAccess::buffered) return read_buffered(offset, parts);
  if (parts.size() == 1 && read_straight(offset, parts.front())) return;
  read_around(offset, parts);
}

void DirectFile::read_buffered(std::uint64_t offset, std::span<iovec> parts) const {
  while (!parts.empty()) {
    const auto some = static_cast<int>(std::min<std::size_t>(parts.size(), IOV_MAX));
    const ssize_t got = ::preadv(file_.get(), parts.data(), some, static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw_file_error("read", path_, errno);
    if (got == 0) throw std::runtime_error("'" + path_.string() + "' ended too early");
    offset += static_cast<std::uint64_t>(got);
    parts = parts_after(parts, static_cast<std::size_t>(got));
  }
}

bool DirectFile::read_straight(std::uint64_t offset, const iovec& part) const {
  const std::span out(static_cast<std::byte*>(part.iov_base), part.iov_len);
  if (!is_aligned(out.data()) || (offset | out.size()) % direct_alignment != 0) return false;
  const ssize_t got = read_at(file_.get(), out, offset, out.size());
  // Memory of a device's driver may not accept direct reads.
  if (got < 0 && errno == EFAULT) return false;
  if (got < 0) throw_file_error("read", path_, errno);
  if (static_cast<std::size_t>(got) != out.size()) {
    throw std::runtime_error("'" + path_.string() + "' ended too early");
  }
  return true;
}

void DirectFile::read_around(std::uint64_t offset, std::span<iovec> parts) const {
  const std::uint64_t end = offset + bytes_of(parts);
  while (offset < end) {
    const std::uint64_t window = align_down(offset);
    const std::size_t skipped = offset - window;
    const std::size_t needed = std::min<std::uint64_t>(end - window, window_bytes);
    const std::span<std::byte> buffer = thread_buffer().take(needed);
    const ssize_t got = read_at(file_.get(), buffer, window, needed);
    if (got < 0) throw_file_error("read", path_, errno);
    if (static_cast<std::size_t>(got) != needed) {
      throw std::runtime_error("'" + path_.string() + "' ended too early");
    }
    parts = scatter(buffer.subspan(skipped, needed - skipped), parts);
    offset = window + needed;
  }
}

}  // namespace model_search
