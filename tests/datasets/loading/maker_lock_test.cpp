// SPDX-License-Identifier: Apache-2.0
#include "datasets/loading/maker_lock.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <fstream>
#include <latch>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "tests/datasets/error_message.h"
#include "tests/datasets/wait_until.h"
#include "tests/temporary_folder.h"

namespace model_search {
namespace {

namespace fs = std::filesystem;

std::string this_host() {
  std::array<char, 256> text{};
  (void)::gethostname(text.data(), text.size() - 1);
  return text.data();
}

/// A file system that refuses locks.
MakerLock::Rules refusing(int error = ENOLCK) {
  MakerLock::Rules rules;
  rules.lock = [error](int) {
    errno = error;
    return -1;
  };
  return rules;
}

/// The number of a process that has ended.
pid_t dead_process() {
  const pid_t process = ::fork();
  if (process == 0) ::_exit(0);
  (void)::waitpid(process, nullptr, 0);
  return process;
}

/// With locks, and with files in their place.
class MakerLockTest : public testing::TestWithParam<bool> {
 protected:
  MakerLock::Rules rules() const { return GetParam() ? MakerLock::Rules{} : refusing(); }
  TemporaryFolder folder_;
  fs::path path_ = folder_.path() / "data";
};

TEST_P(MakerLockTest, OneOfManyHasTheRight) {
  std::atomic<int> inside = 0;
  std::atomic<int> turns = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 6; ++i) {
      threads.emplace_back([&] {
        const MakerLock lock(path_, rules());
        EXPECT_EQ(++inside, 1);
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        --inside;
        ++turns;
      });
    }
  }
  EXPECT_EQ(turns, 6);
}

TEST_P(MakerLockTest, ItsOwnerIsNamedWhereTheLimitIsOver) {
  const MakerLock lock(path_, rules());
  MakerLock::Rules impatient = rules();
  impatient.limit = 0.01;
  const std::string text =
      message_of<std::runtime_error>([&] { const MakerLock other(path_, impatient); });
  EXPECT_TRUE(contains(text, "gave up waiting for '" + path_.string() + "', which process " +
                                 std::to_string(::getpid()) + " of " + this_host() + " makes"));
}

TEST_P(MakerLockTest, ItPassesOnAfterAnException) {
  EXPECT_THROW(
      {
        const MakerLock lock(path_, rules());
        throw std::runtime_error("cannot be made");
      },
      std::runtime_error);
  MakerLock::Rules impatient = rules();
  impatient.limit = 0.5;
  EXPECT_NO_THROW(MakerLock(path_, impatient));
}

INSTANTIATE_TEST_SUITE_P(LocksAndFiles, MakerLockTest, testing::Bool());

TEST(MakerLock, FilesTakeThePlaceOfLocksThatAreRefused) {
  for (const int error : {ENOLCK, EOPNOTSUPP, ENOSYS}) {
    const TemporaryFolder folder;
    const fs::path held = folder.path() / "data.lock.held";
    {
      const MakerLock lock(folder.path() / "data", refusing(error));
      std::string host;
      long process = 0;
      std::ifstream(held) >> host >> process;
      EXPECT_EQ(host, this_host());
      EXPECT_EQ(process, ::getpid());
    }
    EXPECT_FALSE(fs::exists(held));
  }
  const TemporaryFolder folder;
  const std::string text = message_of<std::runtime_error>(
      [&] { const MakerLock lock(folder.path() / "data", refusing(EIO)); });
  EXPECT_TRUE(contains(text, "data.lock"));
}

TEST(MakerLock, TheFileOfADeadProcessIsTakenOverAtOnce) {
  const TemporaryFolder folder;
  (void)folder.write("data.lock.held", this_host() + " " + std::to_string(dead_process()) + "\n");
  MakerLock::Rules rules = refusing();
  rules.limit = 5;
  EXPECT_NO_THROW(MakerLock(folder.path() / "data", rules));
}

TEST(MakerLock, TheFileOfAnotherHostIsTakenOverWhereNobodyTouchesIt) {
  const TemporaryFolder folder;
  const fs::path held = folder.write("data.lock.held", "another-host 1\n");
  MakerLock::Rules rules = refusing();
  rules.limit = 0.2;
  EXPECT_THROW(MakerLock(folder.path() / "data", rules), std::runtime_error);
  EXPECT_TRUE(fs::exists(held));
  rules.untouched = 0.1;
  rules.limit = 5;
  EXPECT_NO_THROW(MakerLock(folder.path() / "data", rules));
}

/// As refusing(), but the owner touches its file every 10 ms.
MakerLock::Rules touching() {
  MakerLock::Rules rules = refusing();
  rules.untouched = 0.06;
  return rules;
}

TEST(MakerLock, ItsOwnerTouchesTheFile) {
  const TemporaryFolder folder;
  const fs::path held = folder.path() / "data.lock.held";
  const MakerLock lock(folder.path() / "data", touching());
  const auto made = fs::last_write_time(held);
  EXPECT_TRUE(wait_until([&] { return fs::last_write_time(held) > made; }));
}

TEST(MakerLock, ItsOwnerDoesNotTouchItsSuccessorsFile) {
  const TemporaryFolder folder;
  const fs::path held = folder.path() / "data.lock.held";
  const MakerLock lock(folder.path() / "data", touching());
  fs::remove(held);
  (void)folder.write("data.lock.held", "another-host 1\n");
  const auto made = fs::last_write_time(held);
  std::this_thread::sleep_for(std::chrono::milliseconds(100));  // ten times its interval
  EXPECT_EQ(fs::last_write_time(held), made);
}

TEST(MakerLock, WaitersThatTakeOverTogetherLeaveNoFiles) {
  const TemporaryFolder folder;
  (void)folder.write("data.lock.held", this_host() + " " + std::to_string(dead_process()) + "\n");
  std::latch begin(4);
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      begin.arrive_and_wait();
      const MakerLock lock(folder.path() / "data", refusing());
    });
  }
  threads.clear();
  for (const auto& entry : fs::directory_iterator(folder.path())) {
    EXPECT_EQ(entry.path().filename(), "data.lock");
  }
}

TEST(MakerLock, AFileThatIsAlwaysAnotherOneEndsAtTheLimit) {
  const TemporaryFolder folder;
  MakerLock::Rules rules;
  rules.limit = 0.1;
  rules.lock = [&folder](int) {
    // The new file is there before the old one ends, so that it has another inode.
    fs::rename(folder.write("new", ""), folder.path() / "data.lock");
    return 0;
  };
  const std::string text =
      message_of<std::runtime_error>([&] { const MakerLock lock(folder.path() / "data", rules); });
  EXPECT_TRUE(contains(text, "gave up waiting for"));
}

TEST(MakerLock, OnlyItsOwnFileIsRemoved) {
  const TemporaryFolder folder;
  auto lock = std::make_unique<MakerLock>(folder.path() / "data", refusing());
  const fs::path held = folder.write("data.lock.held", "another-host 1\n");
  lock.reset();
  EXPECT_TRUE(fs::exists(held));
}

}  // namespace
}  // namespace model_search
