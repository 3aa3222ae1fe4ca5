// SPDX-License-Identifier: Apache-2.0
#include "datasets/text/tokenizer.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "datasets/files/file_bytes.h"
#include "datasets/text/byte_level_bpe.h"
#include "datasets/text/train_vocabulary.h"
#include "datasets/text/unicode.h"
#include "tests/datasets/error_message.h"
#include "tests/temporary_folder.h"

namespace model_search {
namespace {

using Ids = std::vector<std::int32_t>;

void write_text(const std::filesystem::path& path, const std::string& text) {
  write_file(path, std::as_bytes(std::span(text.data(), text.size())));
}

Ids encode(const Tokenizer& tokenizer, const std::string& text, std::size_t max_length = 512) {
  Ids ids{-7};  // whatever was there before
  tokenizer.encode(text, max_length, ids);
  return ids;
}

const std::string special = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n";

class TokenizerTest : public testing::Test {
 protected:
  [[nodiscard]] std::unique_ptr<const Tokenizer> word_piece(const std::string& words) const {
    write_text(folder_.path() / "vocab.txt", special + words);
    return load_tokenizer(folder_.path() / "vocab.txt");
  }
  [[nodiscard]] std::string error_of(const std::string& name) const {
    return message_of<std::runtime_error>([&] { (void)load_tokenizer(folder_.path() / name); });
  }
  void expect_error(const std::string& name, const std::vector<std::string>& parts) const {
    const std::string message = error_of(name);
    for (const std::string& part : parts) EXPECT_TRUE(contains(message, part)) << message;
  }

  TemporaryFolder folder_;
};

TEST_F(TokenizerTest, WordPieceTakesTheLongestPiecesFromTheLeft) {
  const auto tokenizer = word_piece("un\n##aff\n##able\nunaff\n,\n##a\n");
  EXPECT_EQ(tokenizer->kind(), "wordpiece");
  EXPECT_EQ(tokenizer->padding_id(), 0);
  EXPECT_EQ(tokenizer->vocabulary_size(), 11);
  EXPECT_EQ(encode(*tokenizer, "Unaffable, UNA unx"), (Ids{2, 8, 7, 9, 5, 10, 1, 3}));
  EXPECT_EQ(encode(*tokenizer, ""), (Ids{2, 3}));
  EXPECT_EQ(encode(*tokenizer, " [SEP]un[sep] "), (Ids{2, 3, 5, 1, 1, 1, 3}));
}

TEST_F(TokenizerTest, ALongTextIsCutOffBeforeItsLastSpecialToken) {
  const auto tokenizer = word_piece("a\nb\n");
  EXPECT_EQ(encode(*tokenizer, "a b a b a b", 5), (Ids{2, 5, 6, 5, 3}));
  EXPECT_EQ(encode(*tokenizer, "a b a", 5), (Ids{2, 5, 6, 5, 3}));
  EXPECT_EQ(encode(*tokenizer, "a b", 2), (Ids{2, 3}));
  std::string longer;
  for (int i = 0; i < 100000; ++i) longer += "a b ";
  EXPECT_EQ(encode(*tokenizer, longer, 512).size(), 512U);
  EXPECT_EQ(encode(*tokenizer, longer, 1 << 20).size(), 200002U);
}

TEST_F(TokenizerTest, TokenizerConfigChangesBertsRules) {
  write_text(folder_.path() / "tokenizer_config.json", R"({"do_lower_case": false})");
  const auto tokenizer = word_piece("A\na\n\xc3\x89\n");
  EXPECT_EQ(encode(*tokenizer, "A a \xc3\x89"), (Ids{2, 5, 6, 7, 3}));
}

TEST_F(TokenizerTest, BytesThatAreNoUtf8CountAsReplacementCharacters) {
  std::string buffer;
  const auto valid = [&](const char* text) { return std::string(valid_utf8(text, buffer)); };
  EXPECT_EQ(valid("caf\xc3\xa9"), "caf\xc3\xa9");
  EXPECT_EQ(valid("caf\xe9"), "caf\xef\xbf\xbd");
  EXPECT_EQ(valid("\xf0\x9f\x98 x"), "\xef\xbf\xbd x");  // one part of a character
  EXPECT_EQ(valid("\xed\xa0\x80"), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");  // a surrogate: three
  EXPECT_EQ(valid("\xc0\xaf"), "\xef\xbf\xbd\xef\xbf\xbd");
  // Cleaning drops the replacement character.
  EXPECT_EQ(encode(*word_piece("a\n"), "a\xff a"), (Ids{2, 5, 5, 3}));
}

TEST_F(TokenizerTest, BpeMergesTheLowestRankFirst) {
  std::string vocabulary = R"({"<s>": 0, "<pad>": 1, "</s>": 2, "<unk>": 3)";
  int id = 4;
  for (const char* token : {"a", "b", "c", "\xc4\xa0", "bc", "ab", "abc",
                            "\xc4\xa0"
                            "a"}) {
    vocabulary += ", \"" + std::string(token) + "\": " + std::to_string(id++);
  }
  write_text(folder_.path() / "vocab.json", vocabulary + ", \"<mask>\": 12}");
  write_text(folder_.path() / "merges.txt", "#version: 0.2\nb c\na b\na bc\n\xc4\xa0 a\n");
  const auto tokenizer = load_tokenizer(folder_.path());
  EXPECT_EQ(tokenizer->kind(), "bpe");
  EXPECT_EQ(tokenizer->padding_id(), 1);
  // " ab" is " " and "ab": "a b" has a lower rank than " a".
  EXPECT_EQ(encode(*tokenizer, "abc ab a"), (Ids{0, 10, 7, 9, 11, 2}));
  EXPECT_EQ(encode(*tokenizer, "ab"), (Ids{0, 9, 2}));
  EXPECT_EQ(encode(*tokenizer, "a  <mask>b"), (Ids{0, 4, 7, 7, 12, 5, 2}));
  EXPECT_EQ(encode(*tokenizer, "abababab", 4), (Ids{0, 9, 9, 2}));
}

TEST_F(TokenizerTest, AWordOfAMillionLettersTakesNoQuadraticTime) {
  const std::vector<std::string> words{"aaaa", "aaaaaaaa", "baba", "abab", "ab", "aabb"};
  write_bpe_vocabulary(folder_.path(), words, 50);
  const auto tokenizer = load_tokenizer(folder_.path());
  std::string word(1000000, 'a');
  for (std::size_t i = 0; i < word.size(); i += 3) word[i] = 'b';
  // A quadratic merge would take hours, not the test's time limit.
  const Ids ids = encode(*tokenizer, word, 1 << 21);
  EXPECT_GT(ids.size(), 100000U);
  EXPECT_LT(ids.size(), 1000000U);
}

TEST_F(TokenizerTest, AMillionMarksOnOneLetterTakeNoQuadraticTime) {
  std::string text = "a";
  for (int i = 0; i < 250000; ++i) text += "\xcc\x81\xcc\xa3";  // acute and dot below in turn
  // Ordering them in quadratic time took minutes.
  EXPECT_EQ(encode(*word_piece("a\n"), text), (Ids{2, 5, 3}));
}

TEST_F(TokenizerTest, AnAddedTokenIsFoundInTheRawOrTheNormalizedText) {
  const auto read = [&](const std::string& normalizer, const std::string& normalized) {
    write_text(folder_.path() / "tokenizer.json",
               R"({"model": {"type": "WordPiece", "vocab": {"[PAD]": 0, "[UNK]": 1, "[CLS]": 2,
                   "[SEP]": 3, "ab": 4, "##c": 5}}, "pre_tokenizer": {"type": "BertPreTokenizer"},
                   "post_processor": {"type": "BertProcessing", "cls": ["[CLS]", 2],
                   "sep": ["[SEP]", 3]}, "normalizer": )" +
                   normalizer + R"(, "added_tokens": [{"id": 9, "content": "aBc", "normalized": )" +
                   normalized + "}]}");
    return load_tokenizer(folder_.path() / "tokenizer.json");
  };
  // The id is the next free one, not the file's, as in `tokenizers`.
  const auto raw = read(R"({"type": "BertNormalizer"})", "false");
  EXPECT_EQ(encode(*raw, "aBc ABC ab"), (Ids{2, 6, 4, 5, 4, 3}));
  EXPECT_EQ(raw->vocabulary_size(), 7);
  EXPECT_EQ(raw->last_token(), "aBc");
  const auto normalized = read(R"({"type": "BertNormalizer"})", "true");
  EXPECT_EQ(encode(*normalized, "aBc ABC ab"), (Ids{2, 6, 6, 4, 3}));
  EXPECT_NE(normalized->identity(), raw->identity());
}

TEST(FirstWord, SplitsAsGpt2DoesBeforeMerging) {
  const auto words = [](std::string_view text) {
    std::vector<std::string> list;
    while (!text.empty()) {
      const std::size_t length = first_word(text);
      list.emplace_back(text.substr(0, length));
      text.remove_prefix(length);
    }
    return list;
  };
  using Words = std::vector<std::string>;
  EXPECT_EQ(words("I've 12 cats!!  ok \n\n x"),
            (Words{"I", "'ve", " 12", " cats", "!!", " ", " ok", " \n\n", " x"}));
  EXPECT_EQ(words("'S 's \t"), (Words{"'", "S", " '", "s", " \t"}));
  EXPECT_EQ(words("a\nb"), (Words{"a", "\n", "b"}));
  EXPECT_EQ(words("   "), (Words{"   "}));
}

TEST_F(TokenizerTest, ErrorsNameTheFileAndWhatIsWrong) {
  const std::filesystem::path& folder = folder_.path();
  expect_error("nowhere", {"nowhere"});
  expect_error("nowhere.txt", {"nowhere.txt", "No such file"});
  expect_error("", {folder.string(), "tokenizer.json", "vocab.txt", "merges.txt"});
  write_text(folder / "few.txt", "hello\nworld\n");
  expect_error("few.txt", {"few.txt", "[UNK]"});
  write_text(folder / "broken.json", "{\"model\": ");
  expect_error("broken.json", {"broken.json", "not JSON"});
  write_text(folder / "other.json", "{}");
  expect_error("other.json", {"other.json", "model"});
  write_text(folder / "unigram.json", R"({"model": {"type": "Unigram"}})");
  expect_error("unigram.json", {"unigram.json", "model.type", "Unigram", "WordPiece, BPE"});
  write_text(folder / "normalizer.json",
             R"({"model": {"type": "BPE"}, "normalizer": {"type": "NFKC"}})");
  expect_error("normalizer.json", {"normalizer.json", "normalizer.type", "NFKC", "null"});
  for (const char* key : {"dropout", "continuing_subword_prefix", "end_of_word_suffix",
                          "byte_fallback", "ignore_merges", "fuse_unk"}) {
    write_text(folder / "bpe.json",
               R"({"model": {"type": "BPE", "unk_token": "a", "merges": [], ")" + std::string(key) +
                   R"(": 1}, "pre_tokenizer": {"type": "ByteLevel"}})");
    expect_error("bpe.json", {"bpe.json", "model." + std::string(key), "supported: null"});
  }

  const TemporaryFolder bpe;
  for (const char* id : {"-5", "1.5", "99999999999", "\"7\""}) {
    write_text(bpe.path() / "vocab.json", R"({"<s>": 0, "a": )" + std::string(id) + "}");
    const std::string message =
        message_of<std::runtime_error>([&] { (void)load_tokenizer(bpe.path() / "vocab.json"); });
    EXPECT_TRUE(contains(message, "vocab.json: 'id of 'a''")) << message;
    EXPECT_TRUE(contains(message, id)) << message;
  }
  write_text(bpe.path() / "vocab.json", R"({"<s>": 0, "<pad>": 1, "</s>": 2, "a": 3})");
  const auto error_with = [&](const std::string& merges) {
    write_text(bpe.path() / "merges.txt", merges);
    return message_of<std::runtime_error>([&] { (void)load_tokenizer(bpe.path()); });
  };
  EXPECT_TRUE(contains(error_with("#version: 0.2\na b c\n"), "merges.txt: line 2"));
  EXPECT_TRUE(contains(error_with("a b\n"), "the token 'b'"));
  // A byte-order mark is a part of the first token. tokenizers fails for merges.txt, and
  // transformers makes up an id for a special token, which no network has.
  write_text(folder / "marked.txt", "\xef\xbb\xbf[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n");
  expect_error("marked.txt", {"marked.txt", "[PAD]", "byte-order mark"});
  const std::string marked = error_with("\xef\xbb\xbf#version: 0.2\na b\n");
  EXPECT_TRUE(contains(marked, "byte-order mark")) << marked;
  write_text(bpe.path() / "vocab.json", R"({"a": 3})");
  EXPECT_TRUE(contains(error_with("a a\n"), "'</s>'"));
}

TEST_F(TokenizerTest, TrainedVocabulariesKnowTheirWords) {
  const std::vector<std::string> words{",", "A", "a", "film", "Film", "films", "z\xc3\xa9"};
  write_word_piece_vocabulary(folder_.path(), words);
  const auto pieces = load_tokenizer(folder_.path() / "vocab.txt");
  EXPECT_EQ(encode(*pieces, "a film, films").size(), 6U);
  const TemporaryFolder bpe;
  write_bpe_vocabulary(bpe.path(), words, 100);
  const auto merges = load_tokenizer(bpe.path());
  EXPECT_EQ(encode(*merges, "film").size(), 3U);
  EXPECT_LE(encode(*merges, "film film").size(), 5U);
  // Any bytes have ids, and equal words give equal files.
  EXPECT_GT(encode(*merges, "\x01\xf0\x9f\x98\x80").size(), 2U);
  const TemporaryFolder again;
  write_bpe_vocabulary(again.path(), words, 100);
  EXPECT_EQ(load_tokenizer(again.path())->identity(), merges->identity());
}

TEST_F(TokenizerTest, ThreadsGiveTheIdsThatOneGives) {
  const auto tokenizer = word_piece("a\nb\n##a\n##b\n,\n");
  std::vector<std::string> texts;
  for (int i = 0; i < 200; ++i) {
    std::string text;
    for (int j = 0; j < i; ++j)
      text += (i + j) % 3 == 0 ? "ab" : (j % 2 == 0 ? " a," : "\xc3\xa9 b");
    texts.push_back(text);
  }
  std::vector<Ids> expected;
  for (const std::string& text : texts) expected.push_back(encode(*tokenizer, text));
  std::vector<std::jthread> threads;
  std::array<bool, 4> equal{};
  for (std::size_t t = 0; t < equal.size(); ++t) {
    threads.emplace_back([&, t] {
      bool same = true;
      for (std::size_t i = 0; i < texts.size(); ++i) {
        const std::size_t item = (i * 7 + t * 31) % texts.size();
        same = same && encode(*tokenizer, texts[item]) == expected[item];
      }
      equal[t] = same;
    });
  }
  threads.clear();
  for (const bool same : equal) EXPECT_TRUE(same);
}

}  // namespace
}  // namespace model_search
