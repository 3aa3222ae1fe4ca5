// SPDX-License-Identifier: Apache-2.0
#include "datasets/text/printable.h"

#include <utf8proc.h>

#include <array>
#include <cstdio>

namespace model_search {
namespace {

std::string in_hexadecimal(const char* format, unsigned value) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), format, value);
  return text.data();
}

bool is_plain(utf8proc_int32_t letter) {
  switch (utf8proc_category(letter)) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
      return false;
    default:
      return true;
  }
}

}  // namespace

std::string printable(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    utf8proc_int32_t letter = 0;
    const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
    const auto length =
        utf8proc_iterate(bytes, static_cast<utf8proc_ssize_t>(text.size()), &letter);
    if (length <= 0) {
      result += in_hexadecimal("\\x%02x", *bytes);
      text.remove_prefix(1);
      continue;
    }
    if (letter == '\n' || letter == '\r' || letter == '\t') {
      result += ' ';
    } else if (is_plain(letter)) {
      result += text.substr(0, static_cast<std::size_t>(length));
    } else {
      result += in_hexadecimal("\\u{%x}", static_cast<unsigned>(letter));
    }
    text.remove_prefix(static_cast<std::size_t>(length));
  }
  return result;
}

void note(std::string_view message) {
  std::fprintf(stderr, "%s\n", printable(message).c_str());
}

}  // namespace model_search
