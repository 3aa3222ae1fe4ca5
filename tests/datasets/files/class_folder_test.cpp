// SPDX-License-Identifier: Apache-2.0
#include "datasets/files/class_folder.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <stdexcept>

#include "tests/datasets/error_message.h"
#include "tests/temporary_folder.h"

namespace model_search {
namespace {

namespace fs = std::filesystem;

std::string error_of(const fs::path& directory, const std::string& split = "train") {
  return message_of<std::runtime_error>(
      [&] { (void)list_class_folder(directory, split, image_kind()); });
}

TEST(ClassFolder, ListsClassesAndFilesInByteOrder) {
  const TemporaryFolder data;
  for (const char* name : {"train/b/2.png", "train/b/10.jpg", "train/B/z.JPEG", "train/a/x.jpeg",
                           "train/a/X.JPG", "train/a/y.PNG"}) {
    data.write(name);
  }
  const ClassFolder folder = list_class_folder(data.path(), "train", image_kind());
  EXPECT_EQ(folder.classes, (std::vector<std::string>{"B", "a", "b"}));
  std::vector<std::string> names;
  for (const LabelledFile& image : folder.files) {
    names.push_back(std::to_string(image.label) + image.path.filename().string());
  }
  EXPECT_EQ(names, (std::vector<std::string>{"0z.JPEG", "1X.JPG", "1x.jpeg", "1y.PNG", "210.jpg",
                                             "22.png"}));
  EXPECT_EQ(folder.left_out.total(), 0U);
}

TEST(ClassFolder, CountsWhatItLeavesOutByKind) {
  const TemporaryFolder data;
  for (const char* name :
       {"train/a/1.jpg", "train/a/1.heic", "train/a/2.HEIC", "train/a/.hidden.jpg",
        "train/.cache/3.jpg", "train/loose.png", "train/README", "train/a/x.\x1b[31m"}) {
    data.write(name);
  }
  const ClassFolder folder = list_class_folder(data.path(), "train", image_kind());
  EXPECT_EQ(folder.files.size(), 1U);
  EXPECT_EQ(folder.left_out.total(), 7U);
  EXPECT_EQ(folder.left_out.describe(),
            "2 .heic, 2 hidden, 2 of other kinds, 1 images outside of class folders");
}

/// Relative names in the order of the list.
std::vector<std::string> names_in(const ClassFolder& folder) {
  std::vector<std::string> names;
  for (const LabelledFile& file : folder.files) names.push_back(folder.name_of(file));
  return names;
}

TEST(ClassFolder, ListsFoldersBelowAClassInTheOrderOfImageFolder) {
  const TemporaryFolder data;
  for (const char* name : {"train/a/z.jpg", "train/a/b/y.ppm", "train/a/b-c/x.webp",
                           "train/a/b/c/w.TIF", "train/a/b/c/notes.txt", "elsewhere/v.bmp"}) {
    data.write(name);
  }
  fs::create_directory_symlink(data.path() / "elsewhere", data.path() / "train/a/linked");
  const ClassFolder folder = list_class_folder(data.path(), "train", image_kind());
  EXPECT_EQ(names_in(folder), (std::vector<std::string>{"a/z.jpg", "a/b/y.ppm", "a/b-c/x.webp",
                                                        "a/b/c/w.TIF", "a/linked/v.bmp"}));
  EXPECT_EQ(folder.left_out.describe(), "1 .txt");
}

TEST(ClassFolder, EndsWhereLinksMakeALoop) {
  const TemporaryFolder data;
  data.write("train/a/b/1.jpg");
  fs::create_directory_symlink(data.path() / "train", data.path() / "train/a/b/all");
  fs::create_directory_symlink(data.path() / "train/a/b", data.path() / "train/a/b/self");
  const ClassFolder folder = list_class_folder(data.path(), "train", image_kind());
  EXPECT_EQ(names_in(folder), (std::vector<std::string>{"a/b/1.jpg"}));
  EXPECT_EQ(folder.left_out.describe(), "2 links to a folder above");
}

TEST(ClassFolder, ItemsOfOneNameInTwoFoldersHaveAnotherIdentity) {
  const TemporaryFolder one;
  const TemporaryFolder other;
  one.write("train/a/x/1.jpg", "abc");
  other.write("train/a/y/1.jpg", "abc");
  EXPECT_NE(list_class_folder(one.path(), "train", image_kind()).identity(),
            list_class_folder(other.path(), "train", image_kind()).identity());
}

TEST(ClassFolder, TakesAFolderWithoutClassesAsItemsWithoutLabels) {
  const TemporaryFolder data;
  for (const char* name : {"val/2.jpg", "val/1.png", "val/1.heic", "val/.cache/3.jpg"}) {
    data.write(name);
  }
  const ClassFolder split = list_class_folder(data.path(), "val", image_kind());
  EXPECT_FALSE(split.labeled());
  EXPECT_EQ(names_in(split), (std::vector<std::string>{"1.png", "2.jpg"}));
  EXPECT_EQ(split.files.front().label, no_label);
  EXPECT_EQ(split.left_out.describe(), "1 .heic, 1 hidden");

  const ClassFolder whole = list_class_folder(data.path() / "val", "train", image_kind());
  EXPECT_EQ(whole.split, "");
  EXPECT_EQ(names_in(whole), names_in(split));
  EXPECT_NE(whole.identity(), "");
}

TEST(ClassFolder, IdentityFollowsNamesAndSizesOnly) {
  const TemporaryFolder one;
  const TemporaryFolder other;
  for (const TemporaryFolder* data : {&one, &other}) data->write("train/a/1.jpg", "abc");
  const fs::path image = other.path() / "train/a/1.jpg";
  fs::last_write_time(image, fs::last_write_time(image) - std::chrono::hours(1));
  const ClassFolder first = list_class_folder(one.path(), "train", image_kind());
  EXPECT_EQ(first.identity(), list_class_folder(other.path(), "train", image_kind()).identity());
  EXPECT_NE(first.cache_identity(),
            list_class_folder(other.path(), "train", image_kind()).cache_identity());
  other.write("train/a/1.jpg", "abcd");
  EXPECT_NE(first.identity(), list_class_folder(other.path(), "train", image_kind()).identity());
}

TEST(ClassFolder, NamesAMissingFolder) {
  EXPECT_TRUE(contains(error_of("/no/such/data"), "'/no/such/data'"));
  const TemporaryFolder data;
  EXPECT_TRUE(contains(error_of(data.write("file")), "is not a folder"));
}

TEST(ClassFolder, NamesTheSplitsThereAre) {
  const TemporaryFolder data;
  data.write("val/a/1.jpg");
  data.write("test/a/1.jpg");
  const std::string error = error_of(data.path());
  EXPECT_TRUE(contains(error, "no split 'train'; it holds: test, val"));
  EXPECT_TRUE(contains(error, data.path().string()));
}

TEST(ClassFolder, RefusesAnEmptyClass) {
  const TemporaryFolder data;
  data.write("train/a/1.jpg");
  data.write("train/b/notes.txt");
  EXPECT_TRUE(contains(error_of(data.path()), (data.path() / "train/b").string() + "' holds no"));
}

TEST(ClassFolder, RefusesASplitWithoutItems) {
  const TemporaryFolder data;
  data.write("train/1.heic");
  EXPECT_TRUE(contains(error_of(data.path()), "holds no class folders and no images"));
  EXPECT_TRUE(contains(error_of(data.path() / "train"), "has no split 'train'; it holds: no fol"));
}

TEST(ClassFolder, ListsWhatCannotBeReadByItsName) {
  const TemporaryFolder data;
  data.write("train/a/1.jpg");
  fs::create_symlink("/no/such/image", data.path() / "train/a/2.jpg");
  ASSERT_EQ(::mkfifo((data.path() / "train/a/3.jpg").c_str(), 0600), 0);
  const ClassFolder folder = list_class_folder(data.path(), "train", image_kind());
  EXPECT_EQ(folder.files.size(), 3U);
  EXPECT_FALSE(folder.identity().empty());
  EXPECT_FALSE(folder.cache_identity().empty());
}

TEST(ClassFolder, NamesAnUnreadableFolder) {
  if (::geteuid() == 0) GTEST_SKIP() << "root reads every folder";
  const TemporaryFolder data;
  data.write("train/a/1.jpg");
  fs::permissions(data.path() / "train/a", fs::perms::none);
  const std::string error = error_of(data.path());
  fs::permissions(data.path() / "train/a", fs::perms::owner_all);
  EXPECT_TRUE(contains(error, "train/a': Permission denied"));
}

TEST(ClassFolder, ListsTextsAndCountsThoseWithoutLabels) {
  const TemporaryFolder data;
  for (const char* name : {"train/pos/1_9.txt", "train/neg/0_2.txt", "train/neg/0_2.jpg",
                           "train/unsup/0_0.txt", "train/unsup/1_0.txt", "train/urls_pos.txt"}) {
    data.write(name);
  }
  const ClassFolder folder = list_class_folder(data.path(), "train", text_kind());
  EXPECT_EQ(folder.classes, (std::vector<std::string>{"neg", "pos"}));
  ASSERT_EQ(folder.files.size(), 2U);
  EXPECT_EQ(folder.files[1].path, data.path() / "train/pos/1_9.txt");
  EXPECT_EQ(folder.files[1].label, 1);
  // The picture, the list of addresses and the folder `unsup` as one.
  EXPECT_EQ(folder.left_out.describe(), "1 .jpg, 1 texts outside of class folders, 1 unsup");
}

TEST(ClassFolder, ShowsTheLayoutOfTextsWhereTheSplitIsMissing) {
  const TemporaryFolder data;
  data.write("train/pos/0.txt");
  const std::string error = message_of<std::runtime_error>(
      [&] { (void)list_class_folder(data.path(), "val", text_kind()); });
  EXPECT_TRUE(contains(error, "no split 'val'; it holds: train"));
  EXPECT_TRUE(contains(error, data.path().string() + "/{train,test}/{pos,neg}/*.txt"));
}

TEST(ClassFolder, HasNoClassesWhereOnlyTextsWithoutLabelsAre) {
  const TemporaryFolder data;
  data.write("train/unsup/0.txt");
  const std::string error = message_of<std::runtime_error>(
      [&] { (void)list_class_folder(data.path(), "train", text_kind()); });
  EXPECT_TRUE(contains(error, "holds no class folders"));
}

}  // namespace
}  // namespace model_search
