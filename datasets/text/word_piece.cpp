// SPDX-License-Identifier: Apache-2.0
#include "datasets/text/word_piece.h"

#include <algorithm>
#include <map>
#include <stdexcept>

#include "datasets/files/json_text.h"
#include "datasets/text/unicode.h"

namespace model_search {
namespace {

class WordPiece : public Tokenizer {
 public:
  WordPiece(Vocabulary vocabulary, std::int32_t unknown, WordPieceRules rules,
            const AddedTokenLists& added, SequenceTokens sequence)
      : vocabulary_(std::move(vocabulary)),
        unknown_(unknown),
        rules_(std::move(rules)),
        added_(added.raw),
        normalized_(normalize(added.normalized)),
        sequence_(std::move(sequence)) {}

  void encode(std::string_view text, std::size_t max_length,
              std::vector<std::int32_t>& ids) const override {
    encode_sequence(
        text, max_length, sequence_, added_,
        [this](std::string_view part, std::size_t end, std::vector<std::int32_t>& into) {
          encode_segment(part, end, into);
        },
        ids);
  }

  [[nodiscard]] std::string_view kind() const override { return "wordpiece"; }
  [[nodiscard]] std::int32_t padding_id() const override { return sequence_.padding; }
  [[nodiscard]] std::int64_t vocabulary_size() const override { return vocabulary_.size(); }
  [[nodiscard]] std::string last_token() const override { return vocabulary_.last_token(); }

  [[nodiscard]] std::string identity() const override {
    Fingerprint fingerprint;
    fingerprint.add("wordpiece");
    vocabulary_.describe(fingerprint);
    added_.describe(fingerprint);
    normalized_.describe(fingerprint);
    fingerprint.add((rules_.clean_text ? 1U : 0U) + (rules_.handle_ideographs ? 2U : 0U) +
                    (rules_.strip_accents ? 4U : 0U) + (rules_.lower_case ? 8U : 0U));
    fingerprint.add(rules_.continuation);
    fingerprint.add(rules_.longest_word);
    fingerprint.add(static_cast<std::uint64_t>(unknown_));
    sequence_.describe(fingerprint);
    return fingerprint.hex();
  }

 private:
  /// Normalizes a segment and cuts it into words until there are `end` ids.
  void encode_segment(std::string_view segment, std::size_t end,
                      std::vector<std::int32_t>& ids) const {
    thread_local std::u32string letters;
    if (!normalized_.empty()) {
      encode_with_normalized_tokens(segment, end, ids);
      return;
    }
    // A long text is normalized piece by piece, so that the part that is cut off costs nothing; a
    // piece ends at an ASCII blank, where no character combines with the next one.
    constexpr std::size_t piece_bytes = 4096;
    while (!segment.empty() && ids.size() < end) {
      std::size_t length = segment.size();
      if (length > piece_bytes) {
        const std::size_t blank = segment.find(' ', piece_bytes);
        if (blank != std::string_view::npos) length = blank;
      }
      normalize(segment.substr(0, length), letters);
      segment.remove_prefix(length);
      encode_words(letters, end, ids);
    }
  }

  /// Normalizes a segment as a whole, because a token that is found in it may contain blanks.
  void encode_with_normalized_tokens(std::string_view segment, std::size_t end,
                                     std::vector<std::int32_t>& ids) const {
    thread_local std::u32string letters;
    thread_local std::string text;
    normalize(segment, letters);
    text.clear();
    for (const char32_t letter : letters) append_utf8(letter, text);
    (void)normalized_.split(
        text,
        [&](std::string_view part) {
          letters.clear();
          for (std::size_t position = 0; position < part.size();) {
            letters.push_back(next_character(part, position));
          }
          encode_words(letters, end, ids);
          return ids.size() < end;
        },
        [&](std::int32_t id) {
          ids.push_back(id);
          return ids.size() < end;
        });
  }

  /// Cuts a normalized text into words.
  void encode_words(const std::u32string& letters, std::size_t end,
                    std::vector<std::int32_t>& ids) const {
    thread_local std::string word;
    std::size_t characters = 0;
    word.clear();
    const auto finish = [&] {
      if (!word.empty()) encode_word(word, characters, ids);
      word.clear();
      characters = 0;
    };
    for (const char32_t letter : letters) {
      if (is_space(letter)) {
        finish();
      } else if (is_punctuation(letter)) {
        finish();
        append_utf8(letter, word);
        characters = 1;
        finish();
      } else {
        append_utf8(letter, word);
        ++characters;
      }
      if (ids.size() >= end) return;
    }
    finish();
  }

  [[nodiscard]] std::vector<AddedToken> normalize(std::vector<AddedToken> tokens) const {
    std::u32string letters;
    std::map<std::string, std::string> names;
    for (AddedToken& token : tokens) {
      const std::string name = token.content;
      normalize(token.content, letters);
      if (letters.empty()) {
        throw std::runtime_error("of the added token '" + shortened(name) +
                                 "' nothing is left after it is normalized; supported: other "
                                 "tokens, or \"normalized\": false");
      }
      token.content.clear();
      for (const char32_t letter : letters) append_utf8(letter, token.content);
      // Hugging Face takes one of them at random.
      const auto [other, alone] = names.emplace(token.content, name);
      if (!alone) {
        throw std::runtime_error("the added tokens '" + shortened(other->second) + "' and '" +
                                 shortened(name) +
                                 "' are one text after they are normalized; supported: one of "
                                 "them, or \"normalized\": false");
      }
    }
    return tokens;
  }

  void normalize(std::string_view text, std::u32string& letters) const {
    letters.clear();
    for (std::size_t position = 0; position < text.size();) {
      char32_t letter = next_character(text, position);
      if (rules_.clean_text) {
        // Removed characters are control characters, so none of them is a blank.
        if (letter < 0x20 || letter >= 0x7f) {
          if (is_removed(letter)) continue;
          if (is_space(letter)) letter = ' ';
        }
      }
      if (rules_.handle_ideographs && is_ideograph(letter)) {
        letters.push_back(' ');
        letters.push_back(letter);
        letters.push_back(' ');
      } else {
        letters.push_back(letter);
      }
    }
    if (rules_.strip_accents) {
      decompose(letters);
      std::erase_if(letters, is_mark);
    }
    if (rules_.lower_case) lower(letters);
  }

  /// The longest pieces from the left; the unknown token if there are no such pieces.
  void encode_word(std::string_view word, std::size_t characters,
                   std::vector<std::int32_t>& ids) const {
    if (characters > rules_.longest_word) {
      ids.push_back(unknown_);
      return;
    }
    const std::size_t before = ids.size();
    thread_local std::string piece;
    for (std::size_t begin = 0; begin < word.size();) {
      piece.assign(begin > 0 ? rules_.continuation : "");
      const std::size_t prefix = piece.size();
      piece.append(word.substr(begin));
      std::optional<std::int32_t> found;
      while (piece.size() > prefix && !(found = vocabulary_.find(piece))) {
        // Take off the last character.
        do {
          piece.pop_back();
        } while (piece.size() > prefix &&
                 (static_cast<unsigned char>(word[begin + piece.size() - prefix]) & 0xc0U) ==
                     0x80U);
      }
      if (!found) {
        ids.resize(before);
        ids.push_back(unknown_);
        return;
      }
      ids.push_back(*found);
      begin += piece.size() - prefix;
    }
  }

  Vocabulary vocabulary_;
  std::int32_t unknown_;
  WordPieceRules rules_;
  AddedTokens added_;
  AddedTokens normalized_;
  SequenceTokens sequence_;
};

}  // namespace

std::unique_ptr<const Tokenizer> make_word_piece(Vocabulary vocabulary, std::int32_t unknown,
                                                 WordPieceRules rules, const AddedTokenLists& added,
                                                 SequenceTokens sequence) {
  return std::make_unique<WordPiece>(std::move(vocabulary), unknown, std::move(rules), added,
                                     std::move(sequence));
}

}  // namespace model_search
