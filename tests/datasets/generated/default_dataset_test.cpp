// SPDX-License-Identifier: Apache-2.0
#include "datasets/generated/default_dataset.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <atomic>
#include <csignal>
#include <stdexcept>
#include <thread>

#include "datasets/files/class_folder.h"
#include "datasets/files/file_bytes.h"
#include "tests/datasets/error_message.h"
#include "tests/temporary_folder.h"

namespace model_search {
namespace {

namespace fs = std::filesystem;

constexpr DefaultDataset kTwoPerClass{.seed = 1, .train_per_class = 2, .val_per_class = 0};
constexpr DefaultDataset kOnePerClass{.seed = 1, .train_per_class = 1, .val_per_class = 0};

std::vector<std::byte> all_bytes(const fs::path& folder) {
  std::vector<std::byte> all;
  std::vector<std::byte> one;
  for (const LabelledFile& image : list_class_folder(folder, "train", image_kind()).files) {
    read_file(image.path, one);
    all.insert(all.end(), one.begin(), one.end());
  }
  return all;
}

TEST(DefaultDataset, HasTheLayoutAndTheBytesOfImageNette) {
  const TemporaryFolder cache;
  const fs::path folder = ensure_default_dataset(cache.path() / "new", kTwoPerClass, 2);
  EXPECT_EQ(folder, cache.path() / "new" / "photographs-v1-seed1-2-0");
  const ClassFolder images = list_class_folder(folder, "train", image_kind());
  EXPECT_EQ(images.classes.size(), 10U);
  ASSERT_EQ(images.files.size(), 20U);
  EXPECT_EQ(size_of(kTwoPerClass, /*train=*/true), 20U);
  EXPECT_EQ(size_of(kTwoPerClass, /*train=*/false), 0U);
  EXPECT_EQ(images.files[3].path, folder / "train/n02102040/n02102040_0001.JPEG");
  std::size_t bytes = 0;
  for (const LabelledFile& image : images.files) bytes += fs::file_size(image.path);
  EXPECT_GT(bytes / 20, 90'000U);
  EXPECT_LT(bytes / 20, 130'000U);
  // Raise the generator's version when this changes: other bytes must not pass under its name.
  EXPECT_EQ(images.identity(), "b278b80b35ca5790");
}

TEST(DefaultDataset, HasTheSameBytesForAnyNumberOfThreads) {
  const TemporaryFolder one;
  const TemporaryFolder four;
  EXPECT_EQ(all_bytes(ensure_default_dataset(one.path(), kOnePerClass, 1)),
            all_bytes(ensure_default_dataset(four.path(), kOnePerClass, 4)));
}

TEST(DefaultDataset, IsMadeOnceAndReportsItsProgress) {
  const TemporaryFolder cache;
  std::vector<std::size_t> reported;
  const GenerateProgress note = [&](std::size_t done, std::size_t all) {
    EXPECT_EQ(all, 10U);
    reported.push_back(done);
  };
  (void)ensure_default_dataset(cache.path(), kOnePerClass, 3, note);
  EXPECT_EQ(reported, (std::vector<std::size_t>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}));
  (void)ensure_default_dataset(cache.path(), kOnePerClass, 3, note);
  EXPECT_EQ(reported.size(), 10U);
}

TEST(DefaultDataset, IsNotThereAfterAnInterruption) {
  const TemporaryFolder cache;
  const fs::path folder = cache.path() / "photographs-v1-seed1-1-0";
  const GenerateProgress interrupt = [](std::size_t done, std::size_t) {
    if (done == 4) throw std::runtime_error("interrupted");
  };
  EXPECT_EQ(message_of<std::runtime_error>(
                [&] { (void)ensure_default_dataset(cache.path(), kOnePerClass, 2, interrupt); }),
            "interrupted");
  EXPECT_FALSE(fs::exists(folder));
  EXPECT_EQ(ensure_default_dataset(cache.path(), kOnePerClass, 2), folder);
  EXPECT_EQ(list_class_folder(folder, "train", image_kind()).files.size(), 10U);
}

TEST(DefaultDataset, IsMadeByOneOfTwoAtOnce) {
  const TemporaryFolder cache;
  std::atomic<std::size_t> drawn = 0;
  {
    const auto make = [&] {
      (void)ensure_default_dataset(cache.path(), kOnePerClass, 1,
                                   [&](std::size_t, std::size_t) { ++drawn; });
    };
    const std::jthread other(make);
    make();
  }
  EXPECT_EQ(drawn, 10U);
}

TEST(DefaultDataset, NamesTheFileThatDoesNotFit) {
  const TemporaryFolder cache;
  // A limit on a file's size stands for a full disk: write() fails in the middle.
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit limited{20'000, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limited), 0);
  const std::string error = message_of<std::runtime_error>(
      [&] { (void)ensure_default_dataset(cache.path(), kOnePerClass, 2); });
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, handler);
  EXPECT_TRUE(contains(error, ".JPEG': File too large"));
  EXPECT_TRUE(contains(error, cache.path().string()));
  EXPECT_FALSE(fs::exists(cache.path() / "photographs-v1-seed1-1-0"));
}

TEST(DefaultDataset, NamesACacheFolderThatCannotBe) {
  const TemporaryFolder cache;
  const fs::path file = cache.write("file");
  EXPECT_TRUE(contains(message_of<std::runtime_error>(
                           [&] { (void)ensure_default_dataset(file / "below", kOnePerClass, 1); }),
                       file.string()));
}

}  // namespace
}  // namespace model_search
