// SPDX-License-Identifier: Apache-2.0
#include "datasets/generated/generated_folder.h"

#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <stdexcept>
#include <thread>
#include <vector>

#include "tests/datasets/error_message.h"
#include "tests/temporary_folder.h"

namespace model_search {
namespace {

namespace fs = std::filesystem;

void write_one_file(const fs::path& folder) {
  fs::create_directories(folder);
  std::ofstream(folder / "file") << "content";
}

TEST(GeneratedFolder, IsFilledOnceBelowAnotherName) {
  const TemporaryFolder cache;
  int calls = 0;
  const FillFolder fill = [&](const fs::path& folder) {
    ++calls;
    EXPECT_EQ(folder.parent_path(), cache.path() / "new");
    EXPECT_FALSE(fs::exists(cache.path() / "new/data"));
    write_one_file(folder);
  };
  EXPECT_EQ(ensure_generated_folder(cache.path() / "new", "data", fill), cache.path() / "new/data");
  EXPECT_TRUE(fs::exists(cache.path() / "new/data/file"));
  (void)ensure_generated_folder(cache.path() / "new", "data", fill);
  EXPECT_EQ(calls, 1);
}

TEST(GeneratedFolder, IsNotThereAfterAnInterruption) {
  const TemporaryFolder cache;
  const FillFolder interrupt = [](const fs::path& folder) {
    write_one_file(folder);
    throw std::runtime_error("interrupted");
  };
  EXPECT_EQ(message_of<std::runtime_error>(
                [&] { (void)ensure_generated_folder(cache.path(), "data", interrupt); }),
            "interrupted");
  EXPECT_FALSE(fs::exists(cache.path() / "data"));
  EXPECT_TRUE(fs::is_empty(cache.path()));
  EXPECT_TRUE(fs::exists(ensure_generated_folder(cache.path(), "data", write_one_file) / "file"));
}

TEST(GeneratedFolder, KeepsNothingOfAKilledRun) {
  const TemporaryFolder cache;
  (void)cache.write("data.0123456789abcdef.part/left/over");
  const fs::path folder = ensure_generated_folder(cache.path(), "data", write_one_file);
  EXPECT_FALSE(fs::exists(folder / "left"));
  EXPECT_FALSE(fs::exists(cache.path() / "data.0123456789abcdef.part"));
}

TEST(GeneratedFolder, IsFilledByOneOfManyAtOnce) {
  const TemporaryFolder cache;
  std::atomic<int> calls = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&] {
        const fs::path folder =
            ensure_generated_folder(cache.path(), "data", [&](const fs::path& partial) {
              ++calls;
              write_one_file(partial);
            });
        EXPECT_TRUE(fs::exists(folder / "file"));
      });
    }
  }
  EXPECT_EQ(calls, 1);
}

TEST(GeneratedFolder, NamesACacheFolderThatCannotBe) {
  const TemporaryFolder cache;
  const fs::path file = cache.write("file");
  EXPECT_TRUE(contains(message_of<std::runtime_error>([&] {
                         (void)ensure_generated_folder(file / "below", "data", write_one_file);
                       }),
                       file.string()));
}

}  // namespace
}  // namespace model_search
