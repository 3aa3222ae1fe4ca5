// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/zoo.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <string_view>

#include "fixtures/models/architecture.h"

namespace model_search {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::array<std::string_view, 5> known_keys{"name", "architecture", "weights", "config",
                                                     "tokenizer"};

json read_json(const fs::path& path) {
  std::ifstream stream(path);
  if (!stream) throw std::runtime_error("cannot read " + path.string());
  try {
    return json::parse(stream);
  } catch (const json::parse_error& error) {
    throw std::runtime_error(path.string() + " is no JSON: " + error.what());
  }
}

/// Names become a part of benchmark names, file names and regular expressions.
bool is_name(const std::string& name) {
  return !name.empty() && name != "images" && name != "text" &&
         std::ranges::all_of(name, [](unsigned char letter) {
           return std::isalnum(letter) != 0 || letter == '.' || letter == '_' || letter == '-';
         });
}

/// Reads one entry; errors are told without the file and the entry's place.
class EntryReader {
 public:
  EntryReader(const json& entry, fs::path folder, std::uint64_t seed)
      : entry_(entry), folder_(std::move(folder)), seed_(seed) {}

  ZooEntry read() const {
    if (!entry_.is_object()) throw std::runtime_error("it is no JSON object");
    for (const auto& [key, value] : entry_.items()) {
      if (std::ranges::find(known_keys, key) == known_keys.end()) {
        throw std::runtime_error(
            "the key '" + key +
            "' is unknown; choices: name, architecture, weights, config, tokenizer");
      }
    }
    ZooEntry result;
    result.name = text("name");
    if (!is_name(result.name)) {
      throw std::runtime_error(
          "the name '" + result.name +
          "' must be of letters, digits, '.', '_' and '-', and not 'images' or "
          "'text'");
    }
    result.architecture = text("architecture");
    result.seed = seed_;
    read_weights(text("weights"), result);
    if (entry_.contains("tokenizer")) result.tokenizer = folder_ / text("tokenizer");
    if (entry_.contains("config")) result.config = config().dump();
    const Architecture& architecture = find_architecture(result.architecture);
    if (!result.config.empty()) (void)configured(architecture, result.config);
    return result;
  }

 private:
  [[nodiscard]] std::string text(const char* key) const {
    const auto found = entry_.find(key);
    if (found == entry_.end())
      throw std::runtime_error("the key '" + std::string(key) + "' is missing");
    if (!found->is_string() || found->get<std::string>().empty()) {
      throw std::runtime_error("the value of '" + std::string(key) + "' must be a text; it is " +
                               found->dump());
    }
    return found->get<std::string>();
  }

  void read_weights(const std::string& weights, ZooEntry& result) const {
    constexpr std::string_view random = "random";
    if (weights == random) return;
    if (!weights.starts_with("random:")) {
      result.weights = folder_ / weights;
      return;
    }
    const std::string_view seed = std::string_view(weights).substr(random.size() + 1);
    const auto [end, error] = std::from_chars(seed.data(), seed.data() + seed.size(), result.seed);
    if (error != std::errc{} || end != seed.data() + seed.size()) {
      throw std::runtime_error("the seed of weights '" + weights + "' is no whole number");
    }
  }

  [[nodiscard]] json config() const {
    const json& value = entry_.at("config");
    if (value.is_object()) return value;
    if (!value.is_string()) {
      throw std::runtime_error("'config' must be an object or the path of a JSON file; it is " +
                               value.dump());
    }
    json read = read_json(folder_ / value.get<std::string>());
    if (!read.is_object()) throw std::runtime_error("the file of 'config' holds no JSON object");
    return read;
  }

  const json& entry_;
  fs::path folder_;
  std::uint64_t seed_;
};

}  // namespace

std::vector<ZooEntry> read_zoo(const fs::path& path, std::uint64_t seed) {
  const json list = read_json(path);
  if (!list.is_array() || list.empty()) {
    throw std::runtime_error(path.string() +
                             " must be a JSON list of candidates: "
                             R"([{"name": …, "architecture": …, "weights": …}])");
  }
  std::vector<ZooEntry> entries;
  std::set<std::string> names;
  for (std::size_t i = 0; i < list.size(); ++i) {
    std::string place = path.string() + ", candidate " + std::to_string(i + 1);
    try {
      ZooEntry entry = EntryReader(list[i], path.parent_path(), seed).read();
      if (!names.insert(entry.name).second) {
        throw std::runtime_error("the name '" + entry.name + "' occurs twice");
      }
      entries.push_back(std::move(entry));
    } catch (const std::exception& error) {
      if (list[i].is_object() && list[i].contains("name") && list[i]["name"].is_string()) {
        place += " ('" + list[i]["name"].get<std::string>() + "')";
      }
      throw std::runtime_error(place + ": " + error.what());
    }
  }
  return entries;
}

}  // namespace model_search
