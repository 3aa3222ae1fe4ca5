// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "datasets/files/fingerprint.h"
#include "datasets/text/unicode.h"

namespace model_search {

/// A token that is found in the raw text, before any rule: "[SEP]", "<mask>".
struct AddedToken {
  std::string content;
  std::int32_t id = 0;
  bool strip_left = false;   ///< takes the white space before it
  bool strip_right = false;  ///< takes the white space after it
};

/// Splits a text at added tokens; of several that match at one place, the longest counts.
class AddedTokens {
 public:
  AddedTokens() = default;
  explicit AddedTokens(std::vector<AddedToken> tokens);

  /// Calls `segment(text)` for the parts between added tokens (never empty) and `token(id)` for the
  /// tokens, in order. Either returns false to end early.
  template <typename Segment, typename Token>
  void split(std::string_view text, const Segment& segment, const Token& token) const {
    std::size_t begin = 0;
    std::size_t position = text.find_first_of(first_bytes_);
    while (position != std::string_view::npos) {
      const AddedToken* found = match(text.substr(position));
      if (found == nullptr) {
        position = text.find_first_of(first_bytes_, position + 1);
        continue;
      }
      std::size_t end = position + found->content.size();
      const std::size_t kept = found->strip_left
                                   ? end_without_space(text.substr(begin, position - begin))
                                   : position - begin;
      if (found->strip_right) end += leading_space(text.substr(end));
      if (kept > 0 && !segment(text.substr(begin, kept))) return;
      if (!token(found->id)) return;
      begin = end;
      position = text.find_first_of(first_bytes_, begin);
    }
    if (begin < text.size()) (void)segment(text.substr(begin));
  }

  void describe(Fingerprint& fingerprint) const;

 private:
  [[nodiscard]] const AddedToken* match(std::string_view text) const;
  static std::size_t end_without_space(std::string_view text);
  static std::size_t leading_space(std::string_view text);

  std::vector<AddedToken> tokens_;  ///< longest first
  std::string first_bytes_;
};

}  // namespace model_search
