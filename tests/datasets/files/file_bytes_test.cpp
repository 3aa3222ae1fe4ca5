// SPDX-License-Identifier: Apache-2.0
#include "datasets/files/file_bytes.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/datasets/error_message.h"
#include "tests/temporary_folder.h"

namespace model_search {
namespace {

TEST(FileBytes, ReadsWhatWasWritten) {
  const TemporaryFolder folder;
  const std::vector<std::byte> written(100'000, std::byte{7});
  std::vector<std::byte> read(5);
  write_file(folder.path() / "file", written);
  read_file(folder.path() / "file", read);
  EXPECT_EQ(read, written);
  write_file(folder.path() / "file", {});
  read_file(folder.path() / "file", read);
  EXPECT_TRUE(read.empty());
}

TEST(FileBytes, NamesAMissingFile) {
  std::vector<std::byte> bytes;
  const auto message = message_of<std::runtime_error>([&] { read_file("/no/such/file", bytes); });
  EXPECT_EQ(message, "cannot open '/no/such/file': No such file or directory");
}

TEST(FileBytes, NamesAFolderReadAsAFile) {
  std::vector<std::byte> bytes;
  EXPECT_TRUE(contains(message_of<std::runtime_error>([&] { read_file("/tmp", bytes); }),
                       "'/tmp': Is a directory"));
}

TEST(FileBytes, NoticesAFullDisk) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "this system has no /dev/full";
  const std::vector<std::byte> bytes(10);
  EXPECT_EQ(message_of<std::runtime_error>([&] { write_file("/dev/full", bytes); }),
            "cannot write '/dev/full': No space left on device");
}

}  // namespace
}  // namespace model_search
