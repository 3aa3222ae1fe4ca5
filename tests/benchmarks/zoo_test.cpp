// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/zoo.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>

namespace model_search {
namespace {

namespace fs = std::filesystem;

class Zoo : public testing::Test {
 protected:
  Zoo() : folder_(fs::temp_directory_path() / ("zoo_test-" + std::to_string(::getpid()))) {
    fs::create_directories(folder_);
  }
  ~Zoo() override { fs::remove_all(folder_); }

  std::vector<ZooEntry> read(const std::string& text) {
    write("zoo.json", text);
    return read_zoo(folder_ / "zoo.json", 5);
  }
  void write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
  }
  std::string message_of(const std::string& text) {
    try {
      (void)read(text);
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "";
  }

  fs::path folder_;
};

TEST_F(Zoo, ReadsEntries) {
  write("small.json", R"({"num_hidden_layers": 6, "hidden_size": 384})");
  const auto zoo = read(R"([
    {"name": "mini", "architecture": "bert_base", "weights": "w/mini.safetensors",
     "config": "small.json", "tokenizer": "vocab.txt"},
    {"name": "tiny", "architecture": "bert_base", "weights": "random",
     "config": {"num_hidden_layers": 2}},
    {"name": "r18.v2-a_b", "architecture": "resnet18", "weights": "random:12"}])");
  ASSERT_EQ(zoo.size(), 3U);
  EXPECT_EQ(zoo[0].weights, folder_ / "w/mini.safetensors");
  EXPECT_EQ(zoo[0].tokenizer, folder_ / "vocab.txt");
  EXPECT_NE(zoo[0].config.find("384"), std::string::npos);
  EXPECT_TRUE(zoo[1].weights.empty());
  EXPECT_EQ(zoo[1].seed, 5U);
  EXPECT_EQ(zoo[2].name, "r18.v2-a_b");
  EXPECT_EQ(zoo[2].seed, 12U);
}

TEST_F(Zoo, ErrorsNameTheFileTheCandidateAndTheChoices) {
  const auto expect = [this](const std::string& text, std::vector<const char*> parts) {
    const std::string message = message_of(text);
    parts.push_back("zoo.json");
    for (const char* part : parts) {
      EXPECT_NE(message.find(part), std::string::npos) << part << " in: " << message;
    }
  };
  expect("[", {"no JSON"});
  expect("{}", {"list"});
  expect("[]", {"list"});
  expect("[3]", {"candidate 1", "object"});
  expect(R"([{"name": "a", "architecture": "resnet18"}])", {"candidate 1 ('a')", "'weights'"});
  expect(R"([{"name": "a", "architecture": "resnet19", "weights": "random"}])",
         {"resnet19", "resnet18"});
  expect(R"([{"name": "a b", "architecture": "resnet18", "weights": "random"}])", {"a b"});
  expect(R"([{"name": "images", "architecture": "resnet18", "weights": "random"}])", {"images"});
  expect(R"([{"name": "a", "architecture": "resnet18", "weights": "random", "wieghts": 1}])",
         {"wieghts", "tokenizer"});
  expect(R"([{"name": "a", "architecture": "resnet18", "weights": 3}])", {"'weights'", "3"});
  expect(R"([{"name": "a", "architecture": "resnet18", "weights": "random:x"}])", {"random:x"});
  expect(R"([{"name": "a", "architecture": "resnet18", "weights": "random", "config": {"x": 1}}])",
         {"resnet18 takes no config"});
  expect(R"([{"name": "a", "architecture": "bert_base", "weights": "x", "config": "none.json"}])",
         {"none.json"});
  expect(R"([{"name": "a", "architecture": "bert_base", "weights": "x",
              "config": {"hidden_size": "wide"}}])",
         {"hidden_size", "wide"});
  expect(R"([{"name": "a", "architecture": "resnet18", "weights": "random"},
             {"name": "a", "architecture": "resnet34", "weights": "random"}])",
         {"candidate 2", "twice"});
}

TEST_F(Zoo, NamesAMissingFile) {
  try {
    (void)read_zoo(folder_ / "nowhere.json", 0);
    FAIL() << "a missing zoo was read";
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find("nowhere.json"), std::string::npos);
  }
}

}  // namespace
}  // namespace model_search
