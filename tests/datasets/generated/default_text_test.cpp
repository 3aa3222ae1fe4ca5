// SPDX-License-Identifier: Apache-2.0
#include "datasets/generated/default_text.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <cctype>
#include <csignal>
#include <memory>
#include <set>
#include <span>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "datasets/files/class_folder.h"
#include "datasets/files/file_bytes.h"
#include "datasets/files/fingerprint.h"
#include "datasets/generated/review_grammar.h"
#include "tests/datasets/error_message.h"
#include "tests/temporary_folder.h"

namespace model_search {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& path) {
  std::vector<std::byte> bytes;
  read_file(path, bytes);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// All texts of both splits, in order.
std::vector<std::string> all_texts(const fs::path& folder) {
  std::vector<std::string> texts;
  for (const char* split : {"train", "test"}) {
    for (const LabelledFile& file : list_class_folder(folder, split, text_kind()).files) {
      texts.push_back(text_of(file.path));
    }
  }
  return texts;
}

std::string hash_of(const std::vector<std::string>& texts) {
  Fingerprint fingerprint;
  for (const std::string& text : texts) fingerprint.add(text);
  return fingerprint.hex();
}

std::size_t words_of(const std::string& text) {
  std::istringstream stream(text);
  std::string word;
  std::size_t words = 0;
  while (stream >> word) ++words;
  return words;
}

/// Runs of letters and digits, and punctuation marks, in order.
std::vector<std::string> split_words(const std::string& text) {
  const auto letter = [&](std::size_t i) {
    return i < text.size() && std::isalnum(static_cast<unsigned char>(text[i])) != 0;
  };
  std::vector<std::string> words;
  for (std::size_t begin = 0; begin < text.size();) {
    std::size_t end = begin + 1;
    while (letter(begin) && letter(end)) ++end;
    if (text[begin] != ' ' && text[begin] != '\n') words.push_back(text.substr(begin, end - begin));
    begin = end;
  }
  return words;
}

/// The full default set, written once for the tests that only read it.
class DefaultTextTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    cache_ = std::make_unique<TemporaryFolder>();
    folder_ = ensure_default_text(cache_->path() / "new", {});
  }
  static void TearDownTestSuite() { cache_.reset(); }
  static inline std::unique_ptr<TemporaryFolder> cache_;
  static inline fs::path folder_;
};

TEST_F(DefaultTextTest, HasTheLayoutOfImdb) {
  EXPECT_EQ(folder_, cache_->path() / "new" / "reviews-v1-seed1-250-50");
  for (const auto& [split, per_class] : {std::pair{"train", 250}, std::pair{"test", 50}}) {
    const ClassFolder texts = list_class_folder(folder_, split, text_kind());
    EXPECT_EQ(texts.classes, (std::vector<std::string>{"neg", "pos"}));
    EXPECT_EQ(std::ranges::count(texts.files, 0, &LabelledFile::label), per_class);
    EXPECT_EQ(std::ranges::count(texts.files, 1, &LabelledFile::label), per_class);
    EXPECT_EQ(texts.files.front().path, folder_ / split / "neg/0000.txt");
    EXPECT_EQ(texts.left_out.total(), 0U);
  }
}

TEST_F(DefaultTextTest, HasTheBytesOfItsVersion) {
  // Raise the generator's version when this changes: other bytes must not pass under its name.
  EXPECT_EQ(hash_of(all_texts(folder_)), "4aa4d67a8f0e6700");
}

TEST_F(DefaultTextTest, HasLengthsLikeImdb) {
  std::vector<std::size_t> lengths;
  for (const std::string& text : all_texts(folder_)) lengths.push_back(words_of(text));
  std::ranges::sort(lengths);
  std::size_t sum = 0;
  for (const std::size_t length : lengths) sum += length;
  const std::size_t median = lengths[lengths.size() / 2];
  const std::size_t mean = sum / lengths.size();
  EXPECT_TRUE(median >= 160 && median <= 190) << median;
  EXPECT_TRUE(mean >= 210 && mean <= 250) << mean;
  EXPECT_TRUE(lengths.front() >= 10 && lengths.front() < 40) << lengths.front();
  EXPECT_TRUE(lengths.back() > 800 && lengths.back() <= 1010) << lengths.back();
}

TEST_F(DefaultTextTest, HasNoTextTwice) {
  const std::vector<std::string> texts = all_texts(folder_);
  EXPECT_EQ(std::set<std::string>(texts.begin(), texts.end()).size(), texts.size());
}

TEST_F(DefaultTextTest, WritesOnlyWordsOfItsList) {
  const std::vector<std::string> list = default_text_words();
  EXPECT_TRUE(std::ranges::is_sorted(list));
  const std::set<std::string> words(list.begin(), list.end());
  EXPECT_EQ(words.size(), list.size());
  std::set<std::string> seen;
  for (const std::string& text : all_texts(folder_)) {
    for (std::string& word : split_words(text)) seen.insert(std::move(word));
  }
  for (const std::string& word : seen) {
    EXPECT_TRUE(words.contains(word)) << word;
    std::string lower = word;
    std::ranges::transform(lower, lower.begin(),
                           [](unsigned char letter) { return std::tolower(letter); });
    EXPECT_TRUE(words.contains(lower)) << lower;
  }
  // The list holds little that no text has: lower-case forms of names and rare capital letters.
  EXPECT_GT(seen.size(), list.size() / 2);
}

TEST_F(DefaultTextTest, IsPlainProse) {
  for (const std::string& text : all_texts(folder_)) {
    EXPECT_TRUE(text.ends_with(".\n") || text.ends_with("!\n")) << text;
    EXPECT_TRUE(std::isupper(static_cast<unsigned char>(text.front())) != 0) << text;
    for (const char* flaw : {"{", "}", "  ", "\n\n\n", " .", " a a", " a e", " a i", " a o"}) {
      EXPECT_EQ(text.find(flaw), std::string::npos) << flaw << " in: " << text;
    }
    if (words_of(text) > 300) {
      EXPECT_NE(text.find("\n\n"), std::string::npos) << text;
    }
  }
}

/// What a class's texts hold of a list of words.
struct WordCount {
  std::size_t words = 0;  ///< in all texts
  std::size_t texts = 0;  ///< that hold any
};

WordCount count_in_class(const fs::path& folder, std::int64_t label,
                         std::span<const std::string_view> list) {
  const std::set<std::string_view> looked_for(list.begin(), list.end());
  WordCount count;
  for (const LabelledFile& file : list_class_folder(folder, "train", text_kind()).files) {
    if (file.label != label) continue;
    std::size_t found = 0;
    for (const std::string& word : split_words(text_of(file.path))) {
      found += looked_for.contains(word) ? 1 : 0;
    }
    count.words += found;
    count.texts += found > 0 ? 1 : 0;
  }
  return count;
}

TEST_F(DefaultTextTest, ClassesDifferInHowOftenTheyUseTheWordsOfBoth) {
  for (const auto& [own, opinion] :
       {std::pair{1, ReviewOpinion::praise}, std::pair{0, ReviewOpinion::blame}}) {
    std::vector<std::string_view> list;
    for (const Phrase& phrase : film_review_grammar().symbol("adjective").phrases(opinion)) {
      list.emplace_back(phrase.front().text);
    }
    const WordCount in_own = count_in_class(folder_, own, list);
    const WordCount in_other = count_in_class(folder_, 1 - own, list);
    EXPECT_GT(in_own.words, 4 * in_other.words);
    EXPECT_GT(in_other.texts, 250U / 4);  // One word does not decide: a quarter of them and more.
  }
}

constexpr DefaultText kFew{.seed = 3, .train_per_class = 4, .test_per_class = 1};

TEST(DefaultText, DependsOnTheSeedAlone) {
  const TemporaryFolder one;
  const TemporaryFolder other;
  const auto texts = all_texts(ensure_default_text(one.path(), kFew));
  EXPECT_EQ(texts, all_texts(ensure_default_text(other.path(), kFew)));
  DefaultText seeded = kFew;
  seeded.seed = 4;
  EXPECT_NE(texts, all_texts(ensure_default_text(one.path(), seeded)));
}

TEST(DefaultText, IsMadeOnce) {
  const TemporaryFolder cache;
  const fs::path text = ensure_default_text(cache.path(), kFew) / "train/pos/0000.txt";
  write_file(text, {});
  (void)ensure_default_text(cache.path(), kFew);
  EXPECT_EQ(text_of(text), "");
}

TEST(DefaultText, NamesTheFileThatDoesNotFit) {
  const TemporaryFolder cache;
  // A limit on a file's size stands for a full disk: write() fails in the middle.
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit limited{100, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limited), 0);
  const std::string error =
      message_of<std::runtime_error>([&] { (void)ensure_default_text(cache.path(), kFew); });
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, handler);
  EXPECT_TRUE(contains(error, ".txt': File too large"));
  EXPECT_TRUE(contains(error, cache.path().string()));
  EXPECT_FALSE(fs::exists(cache.path() / "reviews-v1-seed3-4-1"));
}

}  // namespace
}  // namespace model_search
