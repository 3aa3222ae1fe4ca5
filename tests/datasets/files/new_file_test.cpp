// SPDX-License-Identifier: Apache-2.0
#include "datasets/files/new_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <vector>

#include "tests/datasets/error_message.h"
#include "tests/temporary_folder.h"

namespace model_search {
namespace {

namespace fs = std::filesystem;

std::string content_of(const fs::path& path) {
  std::ifstream stream(path);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    names.push_back(entry.path().filename().string());
  }
  std::ranges::sort(names);
  return names;
}

/// Runs `work` in a process that ends without running destructors, as one that is killed.
void in_killed_process(const std::function<void()>& work) {
  const pid_t child = ::fork();
  if (child == 0) {
    work();
    ::_exit(0);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
}

TEST(NewFile, TwoWritersOfOneProcessDoNotMixTheirBytes) {
  const TemporaryFolder folder;
  const fs::path path = folder.write("file", "old");
  NewFile first(path);
  NewFile second(path);
  first.write("first, which is longer");
  second.write("second");
  EXPECT_EQ(content_of(path), "old");
  first.finish();
  EXPECT_EQ(content_of(path), "first, which is longer");
  second.finish();
  EXPECT_EQ(content_of(path), "second");
  EXPECT_EQ(names_in(folder.path()), std::vector<std::string>{"file"});
}

TEST(NewFile, LeavesNothingWhereItIsNotFinished) {
  const TemporaryFolder folder;
  const fs::path path = folder.write("file", "old");
  NewFile(path).write("new");
  EXPECT_EQ(content_of(path), "old");
  EXPECT_EQ(names_in(folder.path()), std::vector<std::string>{"file"});
}

TEST(NewFile, HasTheModeThatIsAskedFor) {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "file";
  NewFile(path, 0640).finish();
  struct stat status {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0640U);
}

TEST(NewFile, NamesTheFileAndTheReason) {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "missing" / "file";
  EXPECT_EQ(message_of<std::system_error>([&] { const NewFile file(path); }),
            "cannot create '" + path.string() + "': No such file or directory");
}

TEST(NewFolder, TwoWritersEndWithOneOfThem) {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "entry";
  NewFolder first(path);
  NewFolder second(path);
  std::ofstream(first.part() / "a") << "first";
  std::ofstream(second.part() / "a") << "second";
  EXPECT_TRUE(first.finish());
  EXPECT_FALSE(second.finish());
  EXPECT_EQ(content_of(path / "a"), "first");
}

TEST(LeftOverParts, AreRemovedWhereTheirWriterIsGone) {
  const TemporaryFolder folder;
  (void)folder.write("mine.part");  // A name that the user chose.
  in_killed_process([&] {
    NewFile file(folder.path() / "weights");
    file.write("half");
    const NewFolder entry(folder.path() / "entry");
    std::ofstream(entry.part() / "shard") << "half";
    ::_exit(0);
  });
  ASSERT_EQ(names_in(folder.path()).size(), 3U);
  {
    NewFile alive(folder.path() / "weights");
    const NewFolder alive_entry(folder.path() / "entry");
    remove_left_over_parts(folder.path(), "other");
    EXPECT_EQ(names_in(folder.path()).size(), 5U);
    remove_left_over_parts(folder.path(), "weights");
    EXPECT_EQ(names_in(folder.path()).size(), 4U);
    remove_left_over_parts(folder.path());
    EXPECT_EQ(names_in(folder.path()).size(), 3U);
    EXPECT_TRUE(fs::exists(alive_entry.part()));
    alive.finish();
  }
  EXPECT_EQ(names_in(folder.path()), (std::vector<std::string>{"mine.part", "weights"}));
}

TEST(LeftOverParts, OfAFolderThatIsNotThereAreNone) {
  EXPECT_NO_THROW(remove_left_over_parts("/no/such/folder"));
}

}  // namespace
}  // namespace model_search
