// SPDX-License-Identifier: Apache-2.0
#include "datasets/files/json_text.h"

#include <gtest/gtest.h>

#include "datasets/files/file_bytes.h"
#include "tests/datasets/error_message.h"
#include "tests/temporary_folder.h"

namespace model_search {
namespace {

std::string nested(std::size_t levels, char open, char close) {
  return std::string(levels, open) + std::string(levels, close);
}

TEST(JsonText, RefusesWhatIsNestedTooDeeply) {
  EXPECT_EQ(parse_json(nested(deepest_json, '[', ']')).size(), 1U);
  EXPECT_THROW((void)parse_json(nested(deepest_json + 1, '[', ']')), JsonError);
  const std::string open(60000, '[');
  const std::string message = message_of<JsonError>([&] { (void)parse_json(open); });
  EXPECT_EQ(message, "nested more than 100 levels deep");
  std::string objects;
  for (int i = 0; i < 60000; ++i) objects += "{\"a\":";
  EXPECT_EQ(message_of<JsonError>([&] { (void)parse_json(objects); }), message);
  // Brackets of strings do not count, and neither do siblings.
  std::string list = "[\"" + open + "\\\"" + open + "\"";
  for (int i = 0; i < 1000; ++i) list += ",[]";
  EXPECT_EQ(parse_json(list + "]").size(), 1001U);
}

TEST(JsonText, MessagesQuoteTwoHundredBytes) {
  const std::string word(100000, 'x');
  const std::string message = message_of<JsonError>([&] { (void)parse_json("[\"" + word); });
  EXPECT_TRUE(contains(message, "not JSON")) << message;
  EXPECT_LT(message.size(), 250U);
  EXPECT_EQ(excerpt(word), "\"" + std::string(199, 'x') + "...");
  EXPECT_EQ(excerpt("short"), "\"short\"");
  // Never a part of a character.
  std::string accents;
  for (int i = 0; i < 200; ++i) accents += "\xc3\xa9";
  EXPECT_EQ(shortened("a" + accents), "a" + accents.substr(0, 198) + "...");
  EXPECT_EQ(excerpt("\xff"), "\"\xef\xbf\xbd\"");
}

TEST(JsonText, ErrorsOfFilesNameThem) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "deep.json";
  const std::string text = nested(60000, '[', ']');
  write_file(path, std::as_bytes(std::span(text.data(), text.size())));
  EXPECT_EQ(message_of<JsonError>([&] { (void)read_json(path); }),
            path.string() + " is nested more than 100 levels deep");
  EXPECT_TRUE(contains(
      message_of<std::runtime_error>([&] { (void)read_json(folder.path() / "nowhere.json"); }),
      "nowhere.json"));
}

}  // namespace
}  // namespace model_search
