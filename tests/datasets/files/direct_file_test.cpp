// SPDX-License-Identifier: Apache-2.0
#include "datasets/files/direct_file.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "datasets/files/aligned_memory.h"
#include "datasets/files/file_bytes.h"
#include "datasets/files/page_cache.h"
#include "tests/datasets/error_message.h"
#include "tests/temporary_folder.h"

namespace model_search {
namespace {

namespace fs = std::filesystem;

/// Byte i of every file here; neither pages nor windows look like one another.
std::byte byte_at(std::size_t i) {
  return static_cast<std::byte>((i * 2654435761U) >> 13U);
}

std::vector<std::byte> expected_bytes(std::size_t offset, std::size_t bytes) {
  std::vector<std::byte> expected(bytes);
  for (std::size_t i = 0; i < bytes; ++i) expected[i] = byte_at(offset + i);
  return expected;
}

class DirectFileTest : public ::testing::TestWithParam<FileAccess> {
 protected:
  /// `bytes` bytes that were not yet written back to the disk.
  [[nodiscard]] fs::path file_of(std::size_t bytes) const {
    fs::path path = folder_.path() / std::to_string(bytes);
    write_file(path, expected_bytes(0, bytes));
    return path;
  }
  TemporaryFolder folder_;
};

void expect_bytes(const DirectFile& file, std::size_t offset, std::size_t bytes) {
  std::vector<std::byte> out(bytes);
  iovec part{out.data(), out.size()};
  file.read(offset, {&part, 1});
  EXPECT_TRUE(out == expected_bytes(offset, bytes)) << bytes << " bytes from " << offset << " on";
}

TEST_P(DirectFileTest, ReadsAnyRange) {
  constexpr std::size_t size = 9'000'001;  // More than two windows; the last page is not full.
  const DirectFile file(file_of(size), GetParam());
  EXPECT_EQ(file.size(), size);
  for (const std::size_t offset : {0, 1, 4095, 4096, 4097, 4'194'303, 8'191'999}) {
    for (const std::size_t bytes : {1, 2, 4096, 5000, 8192, 600'000}) {
      expect_bytes(file, offset, bytes);
    }
    expect_bytes(file, offset, size - offset);
  }
  expect_bytes(file, size - 1, 1);
  expect_bytes(file, 0, 0);
}

TEST_P(DirectFileTest, ReadsIntoAlignedMemory) {
  const DirectFile file(file_of(50'000), GetParam());
  AlignedMemory memory;
  for (const std::size_t bytes : {8192U, 5000U}) {
    for (const std::size_t offset : {4096U, 4000U}) {
      const std::span<std::byte> out = memory.take(bytes).first(bytes);
      ASSERT_TRUE(is_aligned(out.data()));
      iovec part{out.data(), out.size()};
      file.read(offset, {&part, 1});
      EXPECT_EQ(std::vector(out.begin(), out.end()), expected_bytes(offset, bytes));
    }
  }
}

TEST_P(DirectFileTest, FillsPartsOneAfterAnother) {
  const DirectFile file(file_of(20'000), GetParam());
  // More parts than one call of the system takes; some are empty.
  std::vector<std::vector<std::byte>> outs;
  for (std::size_t i = 0; i < 3000; ++i) outs.emplace_back(i % 10);
  std::vector<iovec> parts;
  for (auto& out : outs) parts.push_back({out.data(), out.size()});
  file.read(77, parts);
  std::size_t offset = 77;
  for (const auto& out : outs) {
    ASSERT_EQ(out, expected_bytes(offset, out.size()));
    offset += out.size();
  }
  EXPECT_EQ(offset, 77U + 300 * 45);
}

TEST_P(DirectFileTest, RefusesToReadBehindTheEnd) {
  const DirectFile file(file_of(8192), GetParam());
  AlignedMemory memory;
  for (const std::size_t bytes : {8192U, 5000U}) {
    iovec part{memory.take(bytes).data(), bytes};
    EXPECT_EQ(message_of<std::runtime_error>([&] {
                file.read(4096, {&part, 1});
              }),
              "'" + file.path().string() + "' ended too early");
  }
}

TEST_P(DirectFileTest, IsReadByManyThreads) {
  const DirectFile file(file_of(1'000'000), GetParam());
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < 4; ++i) {
    threads.emplace_back([&file, i] {
      for (std::size_t round = 0; round < 20; ++round) {
        expect_bytes(file, 1000 * i + 37 * round, 100'000 + 4096 * round);
      }
    });
  }
}

TEST_P(DirectFileTest, NamesAFileThatIsMissing) {
  const fs::path path = folder_.path() / "missing";
  EXPECT_EQ(message_of<std::runtime_error>([&] { DirectFile(path, GetParam()); }),
            "cannot open '" + path.string() + "': No such file or directory");
}

INSTANTIATE_TEST_SUITE_P(Access, DirectFileTest,
                         ::testing::Values(FileAccess::direct, FileAccess::buffered),
                         [](const auto& test) {
                           return test.param == FileAccess::direct ? "direct" : "buffered";
                         });

TEST(DirectFile, LeavesNothingInThePageCache) {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "file";
  write_file(path, expected_bytes(0, 1'000'000));
  const DirectFile file(path, FileAccess::direct);
  if (file.access() != FileAccess::direct) GTEST_SKIP() << path << " cannot be read directly";
  drop_pages({&path, 1});
  expect_bytes(file, 0, 1'000'000);
  EXPECT_EQ(resident_bytes(path), 0U);
  expect_bytes(DirectFile(path, FileAccess::buffered), 0, 1'000'000);
  EXPECT_EQ(resident_bytes(path), 1'000'000U);
}

TEST(DirectFile, SeesWhatWasWrittenAfterItWasOpened) {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "file";
  write_file(path, std::vector<std::byte>(100'000));
  const DirectFile file(path, FileAccess::direct);
  std::fstream(path, std::ios::in | std::ios::out | std::ios::binary)
      .write(reinterpret_cast<const char*>(expected_bytes(0, 100'000).data()), 100'000);
  expect_bytes(file, 0, 100'000);
}

TEST(DirectFile, ReadsFilesInMemoryThroughThePageCache) {
  if (!fs::exists("/dev/shm")) GTEST_SKIP() << "there is no /dev/shm";
  const TemporaryFolder folder("/dev/shm");
  const fs::path path = folder.path() / "file";
  write_file(path, expected_bytes(0, 10'000));
  const DirectFile file(path, FileAccess::direct);  // Refused or not: the bytes are the same.
  expect_bytes(file, 0, 10'000);
  expect_bytes(file, 5, 4'096);
}

TEST(DirectFile, FallsBackWhereDirectReadsAreRefused) {
  const DirectFile file("/proc/version", FileAccess::direct);
  if (file.access() == FileAccess::direct) GTEST_SKIP() << "/proc/version is read directly here";
  std::string text(5, ' ');
  iovec part{text.data(), text.size()};
  file.read(0, {&part, 1});
  EXPECT_EQ(text, "Linux");
}

TEST(AlignedMemory, GrowsAndStaysAligned) {
  AlignedMemory memory;
  EXPECT_EQ(memory.take(1).size(), 4096U);
  EXPECT_EQ(memory.take(4097).size(), 8192U);
  const std::span<std::byte> large = memory.take(100'000);
  EXPECT_TRUE(is_aligned(large.data()));
  EXPECT_EQ(memory.take(10).data(), large.data());
}

}  // namespace
}  // namespace model_search
