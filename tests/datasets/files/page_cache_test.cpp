// SPDX-License-Identifier: Apache-2.0
#include "datasets/files/page_cache.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/statfs.h>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "datasets/files/file_bytes.h"
#include "datasets/files/file_descriptor.h"
#include "tests/datasets/error_message.h"
#include "tests/temporary_folder.h"

namespace model_search {
namespace {

namespace fs = std::filesystem;

constexpr long tmpfs_magic = 0x01021994;
constexpr std::size_t file_bytes = 300'001;  // The last page is not full.

bool is_in_memory(const fs::path& path) {
  struct statfs status {};
  return ::statfs(path.c_str(), &status) == 0 && status.f_type == tmpfs_magic;
}

class PageCacheTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (is_in_memory(folder_.path())) GTEST_SKIP() << folder_.path() << " is in memory (tmpfs)";
  }
  /// A file that was read just now.
  [[nodiscard]] fs::path cached_file(const std::string& name) const {
    fs::path path = folder_.write(name, std::string(file_bytes, 'x'));
    std::vector<std::byte> bytes;
    read_file(path, bytes);
    return path;
  }
  TemporaryFolder folder_;
};

TEST_F(PageCacheTest, DropsWhatWasWrittenAndRead) {
  const std::vector<fs::path> files{cached_file("a"), cached_file("b"), folder_.write("c", "")};
  EXPECT_EQ(resident_bytes(files[0]), file_bytes);
  EXPECT_EQ(resident_bytes(files[1]), file_bytes);
  EXPECT_EQ(resident_bytes(files[2]), 0U);
  drop_pages(files);
  for (const fs::path& file : files) EXPECT_EQ(resident_bytes(file), 0U) << file;

  std::ifstream(files[0]).get();
  EXPECT_GT(resident_bytes(files[0]), 0U);
  EXPECT_EQ(resident_bytes(files[1]), 0U);
}

TEST_F(PageCacheTest, KeepsTheContent) {
  const fs::path path = cached_file("a");
  drop_pages({&path, 1});
  std::vector<std::byte> bytes;
  read_file(path, bytes);
  EXPECT_EQ(bytes, std::vector<std::byte>(file_bytes, std::byte{'x'}));
}

TEST_F(PageCacheTest, SaysWhichPagesStay) {
  const std::vector<fs::path> files{cached_file("a"), cached_file("b")};
  // Pages that a process has mapped and touched are not dropped.
  const FileDescriptor file(::open(files[1].c_str(), O_RDONLY | O_CLOEXEC));
  void* mapped = ::mmap(nullptr, file_bytes, PROT_READ, MAP_SHARED | MAP_POPULATE, file.get(), 0);
  ASSERT_NE(mapped, MAP_FAILED);
  const std::string message = message_of<std::runtime_error>([&] { drop_pages(files); });
  EXPECT_TRUE(contains(message,
                       "300001 of 600002 bytes of the files are still in the page cache "
                       "after asking the system to drop them: '" +
                           files[1].string() + "' (300001 of 300001 bytes)"));
  ::munmap(mapped, file_bytes);
  EXPECT_NO_THROW(drop_pages(files));
}

TEST(PageCache, CannotDropFilesInMemory) {
  if (!is_in_memory("/dev/shm")) GTEST_SKIP() << "/dev/shm is not in memory here";
  const TemporaryFolder folder("/dev/shm");
  const std::vector<fs::path> files{folder.write("file", std::string(5000, 'x'))};
  const std::string message = message_of<std::runtime_error>([&] { drop_pages(files); });
  EXPECT_TRUE(contains(message, "5000 of 5000 bytes of the files are still in the page cache"));
  EXPECT_TRUE(contains(message, files[0].string()));
}

TEST(PageCache, NamesAFileThatIsMissing) {
  const fs::path path = TemporaryFolder().path() / "missing";
  const std::string expected = "cannot open '" + path.string() + "': No such file or directory";
  EXPECT_EQ(message_of<std::runtime_error>([&] { (void)resident_bytes(path); }), expected);
  EXPECT_EQ(message_of<std::runtime_error>([&] { drop_pages({&path, 1}); }), expected);
}

}  // namespace
}  // namespace model_search
