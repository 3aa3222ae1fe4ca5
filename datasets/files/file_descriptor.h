// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <unistd.h>

#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

namespace model_search {

/// "cannot <action> '<path>': <what errno's value `error` means>".
[[nodiscard]] inline std::string file_error(const std::string& action,
                                            const std::filesystem::path& path, int error) {
  return "cannot " + action + " '" + path.string() + "': " + std::generic_category().message(error);
}

/// Throws that text as std::system_error, a std::runtime_error with the system's number.
[[noreturn]] inline void throw_file_error(const std::string& action,
                                          const std::filesystem::path& path, int error) {
  throw std::system_error(error, std::generic_category(),
                          "cannot " + action + " '" + path.string() + "'");
}

/// An open file, which the destructor closes. A negative value means that none is open.
class FileDescriptor {
 public:
  explicit FileDescriptor(int value = -1) : value_(value) {}
  ~FileDescriptor() { (void)close(); }
  FileDescriptor(FileDescriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    (void)close();
    value_ = std::exchange(other.value_, -1);
    return *this;
  }
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;

  [[nodiscard]] int get() const { return value_; }
  explicit operator bool() const { return value_ >= 0; }
  /// 0, or -1 with errno set: a file system may report a failed write only here.
  [[nodiscard]] int close() { return value_ < 0 ? 0 : ::close(std::exchange(value_, -1)); }

 private:
  int value_;
};

}  // namespace model_search
