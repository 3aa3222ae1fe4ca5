// SPDX-License-Identifier: Apache-2.0
// Compares token ids with those of Hugging Face's tokenizers on texts of every script, and with all
// settings; the references come from export_tokens.py and export_settings.py, which tests of their
// own run before this one.
#include <gtest/gtest.h>

#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "datasets/text/tokenizer.h"

namespace model_search {
namespace {

std::string decode_base64(const std::string& text) {
  static constexpr std::string_view letters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char letter : text) {
    const std::size_t value = letters.find(letter);
    if (value == std::string_view::npos) break;
    bits = (bits << 6U) | static_cast<std::uint32_t>(value);
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes.push_back(static_cast<char>((bits >> static_cast<unsigned>(count)) & 0xffU));
    }
  }
  return bytes;
}

/// Compares the cases of a reference; returns how many tokenizers they have.
std::size_t compare(const std::filesystem::path& folder, std::size_t least_texts) {
  std::ifstream stream(folder / "cases.json");
  EXPECT_TRUE(stream) << "the reference is missing: " << folder;
  const nlohmann::json cases = nlohmann::json::parse(stream);
  std::map<std::string, std::unique_ptr<const Tokenizer>> tokenizers;
  std::map<std::string, std::size_t> compared;
  std::map<std::string, std::size_t> different;
  std::vector<std::int32_t> ids;
  for (const nlohmann::json& row : cases) {
    const auto name = row.at("tokenizer").get<std::string>();
    auto& tokenizer = tokenizers[name];
    if (!tokenizer) tokenizer = load_tokenizer(folder / name);
    const std::string text = decode_base64(row.at("text").get<std::string>());
    const auto expected = row.at("ids").get<std::vector<std::int32_t>>();
    tokenizer->encode(text, row.at("max_length").get<std::size_t>(), ids);
    ++compared[name];
    if (ids == expected) continue;
    if (++different[name] > 5) continue;
    std::size_t at = 0;
    while (at < ids.size() && at < expected.size() && ids[at] == expected[at]) ++at;
    ADD_FAILURE() << name << ": the ids of '" << text.substr(0, 200) << "' differ from place " << at
                  << " on: " << (at < ids.size() ? ids[at] : -1) << ", expected "
                  << (at < expected.size() ? expected[at] : -1);
  }
  for (const auto& [name, count] : compared) {
    std::cout << name << ": " << count << " texts, " << different[name] << " differ\n";
    EXPECT_EQ(different[name], 0U) << name;
    EXPECT_GT(count, least_texts) << name;
  }
  return compared.size();
}

TEST(TokenizerGolden, IdsEqualHuggingFaces) {
  EXPECT_EQ(compare(TOKEN_REFERENCE, 600), 8U);
}

TEST(TokenizerGolden, IdsWithAllSettingsEqualThoseOfAutoTokenizer) {
  EXPECT_GT(compare(SETTINGS_REFERENCE, 150), 50U);
}

TEST(TokenizerGolden, FilesOfOneTokenizerAreOneTokenizer) {
  const std::filesystem::path folder = TOKEN_REFERENCE;
  EXPECT_EQ(load_tokenizer(folder / "minilm")->identity(),
            load_tokenizer(folder / "minilm_json")->identity());
  EXPECT_EQ(load_tokenizer(folder / "bpe")->identity(),
            load_tokenizer(folder / "bpe_json")->identity());
  EXPECT_NE(load_tokenizer(folder / "minilm_json")->identity(),
            load_tokenizer(folder / "cased_json")->identity());
  EXPECT_NE(load_tokenizer(folder / "bpe_json")->identity(),
            load_tokenizer(folder / "bpe_prefix_json")->identity());
}

}  // namespace
}  // namespace model_search
