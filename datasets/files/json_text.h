// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>

namespace model_search {

/// The levels of arrays and objects that JSON from outside may have. Copying, comparing and
/// printing a value recurse once a level, so that a deeper one would overflow the stack.
constexpr std::size_t deepest_json = 100;

/// A text that is not JSON, or nested too deeply.
struct JsonError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The first 200 bytes at most, up to a whole UTF-8 character, and "..." where there are more.
[[nodiscard]] std::string shortened(std::string text);

/// A value for an error message: its JSON text, shortened.
[[nodiscard]] std::string excerpt(const nlohmann::json& value);

/// Throws JsonError where the text is nested more deeply than `deepest_json`.
void check_json_depth(std::string_view text);

/// Parses JSON from outside. All such texts are parsed here, whichever file they come from.
/// `event` is the parser's callback. Throws JsonError, and what `event` throws.
template <typename Json = nlohmann::json>
[[nodiscard]] Json parse_json(std::string_view text,
                              const typename Json::parser_callback_t& event = nullptr) {
  check_json_depth(text);
  try {
    return Json::parse(text, event);
  } catch (const nlohmann::json::parse_error& error) {
    throw JsonError("not JSON: " + shortened(error.what()));
  }
}

/// Reads a JSON file. Throws std::runtime_error that names it where it cannot be read, and
/// JsonError that names it where it is not JSON.
template <typename Json = nlohmann::json>
[[nodiscard]] Json read_json(const std::filesystem::path& path);

}  // namespace model_search
