// SPDX-License-Identifier: Apache-2.0
#include "datasets/files/mapped_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "datasets/files/file_descriptor.h"
#include "datasets/files/guarded_copy.h"
#include "tests/datasets/error_message.h"
#include "tests/temporary_folder.h"

namespace model_search {
namespace {

namespace fs = std::filesystem;

TEST(MappedFile, CopiesAnyRangeIntoParts) {
  const TemporaryFolder folder;
  std::string content;
  for (int i = 0; i < 3000; ++i) content += std::to_string(i) + " ";
  const MappedFile file(folder.write("a", content));
  EXPECT_EQ(file.size(), content.size());
  for (const std::size_t offset : {std::size_t{0}, std::size_t{4095}, content.size() - 107}) {
    std::string first(7, '-');
    std::string second(100, '-');
    std::array<iovec, 3> parts{
        {{first.data(), first.size()}, {nullptr, 0}, {second.data(), second.size()}}};
    file.read(offset, parts);
    EXPECT_EQ(first + second, content.substr(offset, 107));
  }
}

TEST(MappedFile, ReadsNothingOfAnEmptyFile) {
  const TemporaryFolder folder;
  const MappedFile file(folder.write("a", ""));
  EXPECT_EQ(file.size(), 0U);
  EXPECT_NO_THROW(file.read(0, {}));
}

TEST(MappedFile, NamesAFileThatIsMissingOrTooShort) {
  const TemporaryFolder folder;
  const fs::path missing = folder.path() / "missing";
  EXPECT_EQ(message_of<std::runtime_error>([&] { const MappedFile file(missing); }),
            "cannot open '" + missing.string() + "': No such file or directory");

  const fs::path path = folder.write("a", std::string(10'000, 'x'));
  const MappedFile file(path);
  std::string out(5000, '-');
  const auto read = [&](std::size_t offset) {
    iovec part{out.data(), out.size()};
    file.read(offset, {&part, 1});
  };
  const std::string expected = "'" + path.string() + "' ended too early";
  EXPECT_NO_THROW(read(5000));
  EXPECT_EQ(message_of<std::runtime_error>([&] { read(5001); }), expected);
  fs::resize_file(path, 8000);  // Pages behind the new end would end the program.
  EXPECT_EQ(message_of<std::runtime_error>([&] { read(3000); }),
            "'" + path.string() + "' became shorter while it was read");
}

TEST(MappedFile, NamesAFileThatIsRewrittenInPlace) {
  const TemporaryFolder folder;
  const fs::path path = folder.write("a", "old");
  const MappedFile file(path);
  fs::last_write_time(path, fs::last_write_time(path) + std::chrono::seconds(1));
  EXPECT_EQ(message_of<std::runtime_error>([&] {
              char out = 0;
              iovec part{&out, 1};
              file.read(0, {&part, 1});
            }),
            "'" + path.string() + "' was changed while it was read");
}

TEST(GuardedCopy, ReportsPagesThatAreNoLongerThere) {
  const TemporaryFolder folder;
  constexpr std::size_t bytes = 1 << 16;
  const fs::path path = folder.write("a", std::string(bytes, 'x'));
  const FileDescriptor file(::open(path.c_str(), O_RDWR | O_CLOEXEC));
  void* const mapped = ::mmap(nullptr, bytes, PROT_READ, MAP_SHARED, file.get(), 0);
  ASSERT_NE(mapped, MAP_FAILED);
  const std::span from(static_cast<const std::byte*>(mapped), bytes);
  std::vector<std::byte> to(bytes);
  EXPECT_TRUE(guarded_copy(to.data(), from));
  EXPECT_EQ(to.back(), std::byte{'x'});
  fs::resize_file(path, 4096);
  EXPECT_FALSE(guarded_copy(to.data(), from));
  EXPECT_FALSE(guarded_copy(to.data(), from));  // The handler stays.
  EXPECT_TRUE(guarded_copy(to.data(), from.first(4096)));
  ::munmap(mapped, bytes);
}

}  // namespace
}  // namespace model_search
