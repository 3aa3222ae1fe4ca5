// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "datasets/files/fingerprint.h"
#include "datasets/text/text_hash.h"
#include "datasets/text/unicode.h"

namespace model_search {

/// A token that is found in a text before it is split into words: "[SEP]", "<mask>".
struct AddedToken {
  std::string content;
  std::int32_t id = 0;
  bool strip_left = false;   ///< takes the white space before it
  bool strip_right = false;  ///< takes the white space after it
  bool single_word = false;  ///< is found only where no word character is next to it
};

/// The added tokens of a tokenizer by where they are found.
struct AddedTokenLists {
  std::vector<AddedToken> raw;         ///< in the text as it is
  std::vector<AddedToken> normalized;  ///< in what is left between those, after it is normalized
};

/// Splits a text at added tokens. Of several that match at one place the longest counts, of equal
/// ones the first. None is empty.
class AddedTokens {
 public:
  AddedTokens() = default;
  explicit AddedTokens(const std::vector<AddedToken>& tokens);

  [[nodiscard]] bool empty() const { return tokens_.empty(); }

  /// Calls `segment(text)` for the parts between added tokens (never empty) and `token(id)` for the
  /// tokens, in order. Either returns false to end early, and then so does split().
  template <typename Segment, typename Token>
  bool split(std::string_view text, const Segment& segment, const Token& token) const {
    std::size_t begin = 0;  // of the part that no token has taken
    std::size_t position = text.find_first_of(first_bytes_);
    while (position != std::string_view::npos) {
      const AddedToken* found = match(text.substr(position));
      if (found == nullptr) {
        position = text.find_first_of(first_bytes_, position + 1);
        continue;
      }
      const std::size_t start = position;
      std::size_t end = position + found->content.size();
      // The search goes on after the token's own text, also where the token does not count.
      position = text.find_first_of(first_bytes_, end);
      if (found->single_word && !stands_alone(text, start, end)) continue;
      std::size_t kept = start;
      if (found->strip_left) kept = std::max(begin, length_without_space(text.substr(0, start)));
      if (found->strip_right) end += leading_space(text.substr(end));
      if (kept > begin && !segment(text.substr(begin, kept - begin))) return false;
      if (!token(found->id)) return false;
      begin = end;
    }
    return begin >= text.size() || segment(text.substr(begin));
  }

  void describe(Fingerprint& fingerprint) const;

 private:
  [[nodiscard]] const AddedToken* match(std::string_view text) const;
  static bool stands_alone(std::string_view text, std::size_t begin, std::size_t end);
  static std::size_t leading_space(std::string_view text);

  std::unordered_map<std::string, AddedToken, TextHash, std::equal_to<>> tokens_;
  std::vector<std::size_t> lengths_;  ///< of the tokens, longest first
  std::string first_bytes_;
};

}  // namespace model_search
