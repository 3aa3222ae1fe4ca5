// SPDX-License-Identifier: Apache-2.0
#include "datasets/files/regular_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <array>
#include <filesystem>
#include <functional>
#include <span>
#include <stdexcept>
#include <vector>

#include "datasets/files/direct_file.h"
#include "datasets/files/file_bytes.h"
#include "datasets/files/mapped_file.h"
#include "datasets/files/page_cache.h"
#include "tests/datasets/error_message.h"
#include "tests/temporary_folder.h"

namespace model_search {
namespace {

namespace fs = std::filesystem;

TEST(RegularFile, PipesAndDevicesAreRefusedAtOnceByAllReaders) {
  const TemporaryFolder folder;
  const fs::path pipe = folder.path() / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const std::array<std::function<void(const fs::path&)>, 7> readers{
      [](const fs::path& path) { (void)open_regular_file(path); },
      [](const fs::path& path) { require_regular_file(path); },
      [](const fs::path& path) { drop_pages(std::span(&path, 1)); },
      [](const fs::path& path) { const MappedFile file(path); },
      [](const fs::path& path) { const DirectFile file(path, FileAccess::direct); },
      [](const fs::path& path) { const DirectFile file(path, FileAccess::buffered); },
      [](const fs::path& path) {
        std::vector<std::byte> bytes;
        read_file(path, bytes);
      },
  };
  for (const auto& read : readers) {
    for (const fs::path& path : {pipe, fs::path("/dev/zero")}) {
      EXPECT_EQ(message_of<std::runtime_error>([&] { read(path); }),
                "'" + path.string() + "' is not a regular file; give the path of one");
    }
  }
}

TEST(RegularFile, LinksToFilesAreFollowed) {
  const TemporaryFolder folder;
  fs::create_symlink(folder.write("file", "12345"), folder.path() / "link");
  EXPECT_EQ(open_regular_file(folder.path() / "link").bytes, 5U);
  EXPECT_NO_THROW(require_regular_file(folder.path() / "link"));
}

TEST(RegularFile, WhatIsMissingIsReportedByWhoOpensIt) {
  EXPECT_NO_THROW(require_regular_file("/no/such/file"));
  EXPECT_EQ(message_of<std::runtime_error>([] { (void)open_regular_file("/no/such/file"); }),
            "cannot open '/no/such/file': No such file or directory");
}

}  // namespace
}  // namespace model_search
