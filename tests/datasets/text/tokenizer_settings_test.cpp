// SPDX-License-Identifier: Apache-2.0
// The settings that are refused. Those that are read are in tokenizer_golden_test.cpp, where
// transformers reads the same files.
#include "datasets/text/tokenizer_settings.h"

#include <gtest/gtest.h>

#include "datasets/files/file_bytes.h"
#include "datasets/files/json_text.h"
#include "datasets/text/tokenizer.h"
#include "tests/datasets/error_message.h"
#include "tests/temporary_folder.h"

namespace model_search {
namespace {

using Parts = std::vector<std::string>;

class TokenizerSettingsTest : public testing::Test {
 protected:
  void SetUp() override { write("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\n"); }
  void write(const std::string& name, const std::string& text) const {
    write_file(folder_.path() / name, std::as_bytes(std::span(text.data(), text.size())));
  }
  /// Expects that `file` with this text is refused with its name and these parts.
  void expect_refused(const std::string& file, const std::string& text, const Parts& parts) const {
    write(file, text);
    const std::string message =
        message_of<std::runtime_error>([&] { (void)load_tokenizer(folder_.path()); });
    EXPECT_TRUE(contains(message, (folder_.path() / file).string())) << text;
    for (const std::string& part : parts) EXPECT_TRUE(contains(message, part)) << text;
    EXPECT_LT(message.size(), 700U);
    std::filesystem::remove(folder_.path() / file);
  }

  TemporaryFolder folder_;
};

TEST_F(TokenizerSettingsTest, RefusesSettingsByName) {
  const std::pair<const char*, Parts> configs[] = {
      {"[]", {"the whole", "an object"}},
      {R"({"tokenizer_class": "BertJapaneseTokenizer"})", {"tokenizer_class", "BertJapanese"}},
      {R"({"tokenizer_class": "RobertaTokenizer"})", {"tokenizer_class", "BertTokenizer"}},
      {R"({"tokenizer_class": "PreTrainedTokenizerFast"})", {"tokenizer_class", "tokenizer.json"}},
      {R"({"do_lower_case": "yes"})", {"do_lower_case", "yes", "true, false"}},
      {R"({"strip_accents": 1})", {"strip_accents", "1"}},
      {R"({"truncation_side": "left"})", {"truncation_side", "left", "right"}},
      {R"({"padding_side": "left"})", {"padding_side", "left", "right"}},
      {R"({"split_special_tokens": true})", {"split_special_tokens", "true", "false"}},
      {R"({"init_inputs": ["x"]})", {"init_inputs", "none"}},
      {R"({"fast_tokenizer_files": ["tokenizer.4.0.0.json"]})", {"fast_tokenizer_files"}},
      {R"({"image_token": "<image>"})", {"image_token", "<image>", "mask_token"}},
      {R"({"extra_special_tokens": {"image_token": "x"}})", {"extra_special_tokens", "a list"}},
      {R"({"cls_token": null})", {"cls_token", "null", "a token"}},
      {R"({"cls_token": "[NEW]"})", {"no '[NEW]'"}},
      {R"({"mask_token": {"content": "[MASK]"}})", {"mask_token", "__type"}},
      {R"({"added_tokens_decoder": {"x": {"content": "b"}}})", {"added_tokens_decoder", "\"x\""}},
      {R"({"added_tokens_decoder": {"7": {"content": "b", "lstrip": 3}}})", {"type"}},
  };
  for (const auto& [text, parts] : configs) {
    write("tokenizer_config.json", text);
    // The name of the file that says it, or of the vocabulary that it does not fit.
    const std::string message =
        message_of<std::runtime_error>([&] { (void)load_tokenizer(folder_.path()); });
    EXPECT_TRUE(contains(message, folder_.path().string())) << text;
    for (const std::string& part : parts) EXPECT_TRUE(contains(message, part)) << text;
  }
  std::filesystem::remove(folder_.path() / "tokenizer_config.json");
  expect_refused("special_tokens_map.json", R"({"image_token": "x"})", {"image_token"});
  expect_refused("special_tokens_map.json", R"({"mask_token": 3})", {"mask_token", "3"});
  expect_refused("special_tokens_map.json", "3", {"the whole", "number", "an object"});
  expect_refused("added_tokens.json", "7", {"the whole", "number", "an object"});
  expect_refused("added_tokens.json", R"({"b": -6})", {"id of 'b'", "-6"});
  expect_refused("added_tokens.json", R"({"b": 6, "c": 6})", {"id of 'c'", "its own"});
  expect_refused("added_tokens.json", "{\"\\u0301\": 6", {"not JSON"});
}

TEST_F(TokenizerSettingsTest, RefusesDeepNestingAndBrokenFiles) {
  for (const char* name : {"tokenizer_config.json", "special_tokens_map.json", "added_tokens.json",
                           "tokenizer.json"}) {
    expect_refused(name, std::string(60000, '['), {"nested more than 100 levels deep"});
    expect_refused(name, "{", {"not JSON"});
  }
  expect_refused("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\na\xff\n", {"UTF-8"});
}

TEST_F(TokenizerSettingsTest, RefusesAddedTokensThatAreNotOneTextAndOneId) {
  const auto expect = [&](const std::string& added, const Parts& parts) {
    write("added_tokens.json", added);
    const std::string message =
        message_of<std::runtime_error>([&] { (void)load_tokenizer(folder_.path()); });
    for (const std::string& part : parts) EXPECT_TRUE(contains(message, part));
  };
  expect("{\"\xcc\x81\": 6}", {"nothing is left"});
  expect(R"({"NEW": 6, "new": 7})", {"'NEW'", "'new'", "one text"});
  // Six tokens on seven lines: the next free id is the last token's.
  write("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n[MASK]\nz\n");
  expect(R"({"NEW": 6, "z": 7})", {"'NEW'", "'z'", "one id, 6"});
}

/// A tokenizer.json of BERT's kind with sections in place of the usual ones.
std::string with(const std::string& changes) {
  nlohmann::json file = nlohmann::json::parse(
      R"({"model": {"type": "WordPiece", "unk_token": "[UNK]", "vocab":
            {"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3, "[MASK]": 4, "a": 5}},
          "normalizer": {"type": "BertNormalizer"}, "pre_tokenizer": {"type": "BertPreTokenizer"},
          "post_processor": {"type": "BertProcessing", "cls": ["[CLS]", 2], "sep": ["[SEP]", 3]}})");
  file.merge_patch(nlohmann::json::parse(changes));
  return file.dump();
}

TEST_F(TokenizerSettingsTest, RefusesWhatTheClassWouldDropFromATokenizerJson) {
  write("tokenizer.json", with("{}"));
  write("tokenizer_config.json", "{}");
  EXPECT_EQ(load_tokenizer(folder_.path())->vocabulary_size(), 6);
  const std::pair<const char*, Parts> changes[] = {
      {R"({"normalizer": {"lowercase": false}})", {"normalizer.lowercase", "do_lower_case"}},
      {R"({"normalizer": {"strip_accents": false}})", {"strip_accents"}},
      {R"({"normalizer": {"handle_chinese_chars": false}})", {"tokenize_chinese_chars"}},
      {R"({"normalizer": {"clean_text": false}})", {"clean_text", "PreTrainedTokenizerFast"}},
      {R"({"model": {"max_input_chars_per_word": 7}})", {"max_input_chars_per_word", "7", "100"}},
      {R"({"model": {"continuing_subword_prefix": "@"}})", {"continuing_subword_prefix", "@"}},
      {R"({"model": {"unk_token": "a"}})", {"model.unk_token", "[UNK]"}},
      {R"({"post_processor": {"cls": ["a", 5]}})", {"post_processor", "[5]", "[2]"}},
      {R"({"truncation": {"direction": "Left"}})", {"truncation.direction", "Left", "Right"}},
      {R"({"padding": {"direction": "Left"}})", {"padding.direction", "Left", "Right"}},
      {R"({"normalizer": {"type": "Sequence"}})", {"normalizer.type", "Sequence", "BertNorm"}},
      {R"({"pre_tokenizer": {"type": "Whitespace"}})", {"pre_tokenizer.type", "Whitespace"}},
      {R"({"post_processor": {"cls": ["[CLS]", -1]}})", {"id of '[CLS]'", "-1"}},
      {R"({"post_processor": {"sep": ["[SEP]", 99999999999]}})", {"id of '[SEP]'"}},
      {R"({"post_processor": {"type": "TemplateProcessing", "single": []}})", {"one Sequence"}},
  };
  for (const auto& [text, parts] : changes) expect_refused("tokenizer.json", with(text), parts);
  // What the settings say counts, and so does the file where they leave it whole or are not there.
  write("tokenizer.json", with(R"({"normalizer": {"lowercase": false}})"));
  for (const char* config :
       {R"({"do_lower_case": true})", R"({"tokenizer_class": "PreTrainedTokenizerFast"})"}) {
    write("tokenizer_config.json", config);
    EXPECT_EQ(load_tokenizer(folder_.path())->vocabulary_size(), 6);
  }
  std::filesystem::remove(folder_.path() / "tokenizer_config.json");
  EXPECT_EQ(load_tokenizer(folder_.path())->vocabulary_size(), 6);
}

TEST_F(TokenizerSettingsTest, IdsOfThePostProcessorCountAsIdsOfTheVocabulary) {
  write("tokenizer.json", with(R"({"post_processor": {"cls": ["[CLS]", 123456]}})"));
  const auto tokenizer = load_tokenizer(folder_.path());
  EXPECT_EQ(tokenizer->vocabulary_size(), 123457);
  EXPECT_EQ(tokenizer->last_token(), "[CLS]");
}

}  // namespace
}  // namespace model_search
