// SPDX-License-Identifier: Apache-2.0
#include "datasets/text/unicode.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include "datasets/text/unicode_tables.h"

namespace model_search {
namespace {

using unicode_tables::Range;

constexpr char32_t replacement = 0xfffd;

bool within(std::span<const Range> ranges, char32_t letter) {
  const auto after = std::ranges::upper_bound(ranges, letter, {}, &Range::first);
  return after != ranges.begin() && letter <= (after - 1)->last;
}

/// Length of a character that starts with `lead`, and the range of its second byte; 0: not a lead
/// byte.
struct Lead {
  std::size_t length;
  unsigned char low, high;
};

Lead lead_of(unsigned char byte) {
  if (byte < 0x80) return {1, 0, 0};
  if (byte >= 0xc2 && byte <= 0xdf) return {2, 0x80, 0xbf};
  if (byte == 0xe0) return {3, 0xa0, 0xbf};
  if (byte == 0xed) return {3, 0x80, 0x9f};  // no surrogates
  if (byte >= 0xe1 && byte <= 0xef) return {3, 0x80, 0xbf};
  if (byte == 0xf0) return {4, 0x90, 0xbf};
  if (byte >= 0xf1 && byte <= 0xf3) return {4, 0x80, 0xbf};
  if (byte == 0xf4) return {4, 0x80, 0x8f};
  return {0, 0, 0};
}

/// Bytes at `position` that make a character (`complete`), or the maximal part of one.
std::size_t measure(std::string_view text, std::size_t position, bool& complete) {
  const Lead lead = lead_of(static_cast<unsigned char>(text[position]));
  complete = lead.length == 1;
  if (lead.length <= 1) return 1;
  std::size_t length = 1;
  while (length < lead.length && position + length < text.size()) {
    const auto byte = static_cast<unsigned char>(text[position + length]);
    const unsigned char low = length == 1 ? lead.low : 0x80;
    const unsigned char high = length == 1 ? lead.high : 0xbf;
    if (byte < low || byte > high) break;
    ++length;
  }
  complete = length == lead.length;
  return length;
}

}  // namespace

bool is_space(char32_t letter) {
  if (letter < 0x80) return letter == ' ' || (letter >= 0x9 && letter <= 0xd);
  return letter == 0x85 || letter == 0xa0 || letter == 0x1680 ||
         (letter >= 0x2000 && letter <= 0x200a) || letter == 0x2028 || letter == 0x2029 ||
         letter == 0x202f || letter == 0x205f || letter == 0x3000;
}

bool is_removed(char32_t letter) {
  return within(unicode_tables::removed, letter);
}

bool is_mark(char32_t letter) {
  return letter >= 0x300 && within(unicode_tables::marks, letter);
}

bool is_ideograph(char32_t letter) {
  return letter >= 0x3400 && within(unicode_tables::ideographs, letter);
}

bool is_punctuation(char32_t letter) {
  return within(unicode_tables::punctuation, letter);
}

bool is_letter(char32_t letter) {
  if (letter < 0x80) return (letter | 0x20U) >= 'a' && (letter | 0x20U) <= 'z';
  return within(unicode_tables::letters, letter);
}

bool is_number(char32_t letter) {
  if (letter < 0x80) return letter >= '0' && letter <= '9';
  return within(unicode_tables::numbers, letter);
}

bool is_word(char32_t letter) {
  if (letter < 0x80) return is_letter(letter) || is_number(letter) || letter == '_';
  return is_letter(letter) || is_mark(letter) || within(unicode_tables::other_words, letter);
}

std::string_view valid_utf8(std::string_view text, std::string& buffer) {
  std::size_t position = 0;
  bool complete = true;
  while (position < text.size()) {
    const std::size_t length = measure(text, position, complete);
    if (!complete) break;
    position += length;
  }
  if (position == text.size()) return text;
  buffer.assign(text.substr(0, position));
  while (position < text.size()) {
    const std::size_t length = measure(text, position, complete);
    if (complete) {
      buffer.append(text.substr(position, length));
    } else {
      append_utf8(replacement, buffer);
    }
    position += length;
  }
  return buffer;
}

std::size_t length_without_space(std::string_view text) {
  while (!text.empty()) {
    const std::size_t last = last_character(text);
    std::size_t position = last;
    if (!is_space(next_character(text, position))) break;
    text = text.substr(0, last);
  }
  return text.size();
}

std::size_t last_character(std::string_view text) {
  std::size_t last = text.size() - 1;
  while (last > 0 && (static_cast<unsigned char>(text[last]) & 0xc0U) == 0x80U) --last;
  return last;
}

char32_t next_character(std::string_view text, std::size_t& position) {
  const auto byte = [&](std::size_t offset) {
    return static_cast<char32_t>(static_cast<unsigned char>(text[position + offset]));
  };
  const char32_t lead = byte(0);
  char32_t letter = lead;
  std::size_t length = 1;
  if (lead >= 0xf0) {
    letter = ((lead & 0x7U) << 18U) | ((byte(1) & 0x3fU) << 12U) | ((byte(2) & 0x3fU) << 6U) |
             (byte(3) & 0x3fU);
    length = 4;
  } else if (lead >= 0xe0) {
    letter = ((lead & 0xfU) << 12U) | ((byte(1) & 0x3fU) << 6U) | (byte(2) & 0x3fU);
    length = 3;
  } else if (lead >= 0x80) {
    letter = ((lead & 0x1fU) << 6U) | (byte(1) & 0x3fU);
    length = 2;
  }
  position += length;
  return letter;
}

void append_utf8(char32_t letter, std::string& text) {
  const auto add = [&text](char32_t byte) { text.push_back(static_cast<char>(byte)); };
  if (letter < 0x80) {
    add(letter);
  } else if (letter < 0x800) {
    add(0xc0U | (letter >> 6U));
    add(0x80U | (letter & 0x3fU));
  } else if (letter < 0x10000) {
    add(0xe0U | (letter >> 12U));
    add(0x80U | ((letter >> 6U) & 0x3fU));
    add(0x80U | (letter & 0x3fU));
  } else {
    add(0xf0U | (letter >> 18U));
    add(0x80U | ((letter >> 12U) & 0x3fU));
    add(0x80U | ((letter >> 6U) & 0x3fU));
    add(0x80U | (letter & 0x3fU));
  }
}

void decompose(std::u32string& text) {
  if (std::ranges::all_of(text, [](char32_t letter) { return letter < 0xc0; })) return;
  struct Piece {
    char32_t letter;
    utf8proc_propval_t combining_class;
  };
  thread_local std::vector<Piece> pieces;
  pieces.clear();
  for (const char32_t letter : text) {
    std::array<utf8proc_int32_t, 18> parts{static_cast<utf8proc_int32_t>(letter)};
    utf8proc_ssize_t count = 1;
    if (letter >= 0xc0 && !within(unicode_tables::undecomposed, letter)) {
      int boundary = 0;
      count = utf8proc_decompose_char(static_cast<utf8proc_int32_t>(letter), parts.data(),
                                      parts.size(), UTF8PROC_DECOMPOSE, &boundary);
    }
    for (utf8proc_ssize_t i = 0; i < count; ++i) {
      const auto part = static_cast<char32_t>(parts[static_cast<std::size_t>(i)]);
      const bool combines = part >= 0x300 && within(unicode_tables::reordered, part);
      pieces.push_back(
          {part, combines
                     ? utf8proc_get_property(static_cast<utf8proc_int32_t>(part))->combining_class
                     : utf8proc_propval_t{0}});
    }
  }
  // Canonical ordering: each run of marks by class; not utf8proc's, whose time grows with the
  // square of a run's length.
  for (auto begin = pieces.begin(); begin != pieces.end();) {
    const auto is_starter = [](const Piece& piece) { return piece.combining_class == 0; };
    begin = std::find_if_not(begin, pieces.end(), is_starter);
    const auto end = std::find_if(begin, pieces.end(), is_starter);
    std::stable_sort(begin, end, [](const Piece& a, const Piece& b) {
      return a.combining_class < b.combining_class;
    });
    begin = end;
  }
  text.clear();
  for (const Piece& piece : pieces) text.push_back(piece.letter);
}

namespace {

/// By the newer table where that has the character, else utf8proc's.
char32_t lower_case(char32_t letter) {
  const auto rows = unicode_tables::lower_cases;
  const auto found = std::ranges::lower_bound(rows, letter, {}, &Range::first);
  if (found != rows.end() && found->first == letter) return found->last;
  return static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(letter)));
}

}  // namespace

void lower(std::u32string& text) {
  constexpr char32_t dotted_capital_i = 0x130;
  const bool grows = text.find(dotted_capital_i) != std::u32string::npos;
  for (char32_t& letter : text) {
    if (letter < 0x80) {
      if (letter >= 'A' && letter <= 'Z') letter += 'a' - 'A';
    } else if (letter != dotted_capital_i) {
      letter = lower_case(letter);
    }
  }
  if (!grows) return;
  // The one character whose lower case is two: i and a dot above.
  for (std::size_t at = text.find(dotted_capital_i); at != std::u32string::npos;
       at = text.find(dotted_capital_i, at)) {
    text.replace(at, 1, U"i\u0307");
  }
}

}  // namespace model_search
