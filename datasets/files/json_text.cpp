// SPDX-License-Identifier: Apache-2.0
#include "datasets/files/json_text.h"

#include <vector>

#include "datasets/files/file_bytes.h"

namespace model_search {

std::string shortened(std::string text) {
  constexpr std::size_t most = 200;
  if (text.size() <= most) return text;
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) --end;
  return text.substr(0, end) + "...";
}

std::string excerpt(const nlohmann::json& value) {
  return shortened(value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

void check_json_depth(std::string_view text) {
  // Counts brackets outside strings. Where the text is not JSON, the parser stops at its first
  // error, up to which both agree.
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char letter = text[i];
    if (in_string) {
      if (letter == '\\') {
        ++i;
      } else {
        in_string = letter != '"';
      }
    } else if (letter == '"') {
      in_string = true;
    } else if (letter == '[' || letter == '{') {
      if (++depth > deepest_json) {
        throw JsonError("nested more than " + std::to_string(deepest_json) + " levels deep");
      }
    } else if ((letter == ']' || letter == '}') && depth > 0) {
      --depth;
    }
  }
}

template <typename Json>
Json read_json(const std::filesystem::path& path) {
  std::vector<std::byte> bytes;
  read_file(path, bytes);
  try {
    return parse_json<Json>({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  } catch (const JsonError& error) {
    throw JsonError(path.string() + " is " + error.what());
  }
}

template nlohmann::json read_json(const std::filesystem::path&);
template nlohmann::ordered_json read_json(const std::filesystem::path&);

}  // namespace model_search
