// SPDX-License-Identifier: Apache-2.0
#include "datasets/text/byte_level_bpe.h"

#include <functional>
#include <queue>
#include <stdexcept>
#include <tuple>

#include "datasets/text/unicode.h"

namespace model_search {
namespace {

struct Merge {
  std::uint32_t rank = 0;
  std::int32_t id = 0;
};

std::uint64_t pair_key(std::int32_t left, std::int32_t right) {
  return (static_cast<std::uint64_t>(static_cast<std::uint32_t>(left)) << 32U) |
         static_cast<std::uint32_t>(right);
}

/// The symbols of one word as a list in an array, so that a merge costs no moves.
class WordSymbols {
 public:
  void clear() {
    symbols_.clear();
    while (!waiting_.empty()) waiting_.pop();
  }
  void add(std::int32_t id) {
    const auto place = static_cast<std::int32_t>(symbols_.size());
    symbols_.push_back({id, place - 1, place + 1, true});
  }

  /// Merges until no pair has a rank: lowest rank first, leftmost of equal ones.
  void merge(const std::unordered_map<std::uint64_t, Merge>& merges) {
    if (symbols_.empty()) return;
    symbols_.back().next = -1;
    for (std::size_t i = 0; i + 1 < symbols_.size(); ++i) {
      offer(static_cast<std::int32_t>(i), merges);
    }
    while (!waiting_.empty()) {
      const auto [rank, place, left_id, right_id, merged] = waiting_.top();
      waiting_.pop();
      Symbol& left = symbols_[static_cast<std::size_t>(place)];
      // The pair may have disappeared since it was added.
      if (!left.alive || left.id != left_id || left.next < 0) continue;
      Symbol& right = symbols_[static_cast<std::size_t>(left.next)];
      if (right.id != right_id) continue;
      left.id = merged;
      left.next = right.next;
      right.alive = false;
      if (left.next >= 0) symbols_[static_cast<std::size_t>(left.next)].previous = place;
      if (left.previous >= 0) offer(left.previous, merges);
      if (left.next >= 0) offer(place, merges);
    }
  }

  void append_to(std::vector<std::int32_t>& ids) const {
    for (const Symbol& symbol : symbols_) {
      if (symbol.alive) ids.push_back(symbol.id);
    }
  }

 private:
  struct Symbol {
    std::int32_t id;
    std::int32_t previous, next;  ///< places; -1: none
    bool alive;
  };
  /// Rank, place of the left symbol, the two ids, and what they become.
  using Pair = std::tuple<std::uint32_t, std::int32_t, std::int32_t, std::int32_t, std::int32_t>;

  void offer(std::int32_t place, const std::unordered_map<std::uint64_t, Merge>& merges) {
    const Symbol& left = symbols_[static_cast<std::size_t>(place)];
    const Symbol& right = symbols_[static_cast<std::size_t>(left.next)];
    const auto found = merges.find(pair_key(left.id, right.id));
    if (found == merges.end()) return;
    waiting_.emplace(found->second.rank, place, left.id, right.id, found->second.id);
  }

  std::vector<Symbol> symbols_;
  std::priority_queue<Pair, std::vector<Pair>, std::greater<>> waiting_;
};

class ByteLevelBpe : public Tokenizer {
 public:
  ByteLevelBpe(Vocabulary vocabulary,
               const std::vector<std::pair<std::string, std::string>>& merges,
               std::optional<std::int32_t> unknown, bool add_prefix_space,
               const AddedTokenLists& added, SequenceTokens sequence)
      : vocabulary_(std::move(vocabulary)),
        unknown_(unknown),
        add_prefix_space_(add_prefix_space),
        added_(added.raw),
        normalized_(added.normalized),
        sequence_(std::move(sequence)) {
    for (std::size_t byte = 0; byte < byte_ids_.size(); ++byte) {
      byte_ids_[byte] = vocabulary_.find(byte_letters()[byte]).value_or(unknown_.value_or(-1));
    }
    merges_.reserve(merges.size());
    for (std::size_t rank = 0; rank < merges.size(); ++rank) {
      const auto& [left, right] = merges[rank];
      const std::int32_t left_id = id_of(left, left, right);
      const std::int32_t right_id = id_of(right, left, right);
      // If a pair is listed twice, its last rank counts, as in the reference.
      merges_[pair_key(left_id, right_id)] = {static_cast<std::uint32_t>(rank),
                                              id_of(left + right, left, right)};
    }
  }

  void encode(std::string_view text, std::size_t max_length,
              std::vector<std::int32_t>& ids) const override {
    encode_sequence(
        text, max_length, sequence_, added_,
        [this](std::string_view part, std::size_t end, std::vector<std::int32_t>& into) {
          // Nothing is normalized, but these tokens are found after the others.
          (void)normalized_.split(
              part,
              [&](std::string_view segment) {
                encode_segment(segment, end, into);
                return into.size() < end;
              },
              [&](std::int32_t id) {
                into.push_back(id);
                return into.size() < end;
              });
        },
        ids);
  }

  [[nodiscard]] std::string_view kind() const override { return "bpe"; }
  [[nodiscard]] std::int32_t padding_id() const override { return sequence_.padding; }
  [[nodiscard]] std::int64_t vocabulary_size() const override { return vocabulary_.size(); }
  [[nodiscard]] std::string last_token() const override { return vocabulary_.last_token(); }

  [[nodiscard]] std::string identity() const override {
    Fingerprint fingerprint;
    fingerprint.add("bpe");
    vocabulary_.describe(fingerprint);
    added_.describe(fingerprint);
    normalized_.describe(fingerprint);
    std::vector<std::pair<std::uint32_t, std::uint64_t>> rows;
    rows.reserve(merges_.size());
    for (const auto& [pair, merge] : merges_) rows.emplace_back(merge.rank, pair);
    std::sort(rows.begin(), rows.end());
    for (const auto& [rank, pair] : rows) {
      fingerprint.add(rank);
      fingerprint.add(pair);
    }
    fingerprint.add(add_prefix_space_ ? 1U : 0U);
    fingerprint.add(static_cast<std::uint64_t>(unknown_.value_or(-1)));
    sequence_.describe(fingerprint);
    return fingerprint.hex();
  }

 private:
  [[nodiscard]] std::int32_t id_of(const std::string& token, const std::string& left,
                                   const std::string& right) const {
    if (const auto id = vocabulary_.find(token)) return *id;
    throw std::runtime_error("the merge '" + left + " " + right + "' needs the token '" + token +
                             "', which the vocabulary lacks");
  }

  void encode_segment(std::string_view segment, std::size_t end,
                      std::vector<std::int32_t>& ids) const {
    thread_local std::string prefixed;
    if (add_prefix_space_ && !segment.starts_with(' ')) {
      prefixed.assign(" ").append(segment);
      segment = prefixed;
    }
    while (!segment.empty() && ids.size() < end) {
      const std::size_t length = first_word(segment);
      encode_word(segment.substr(0, length), ids);
      segment.remove_prefix(length);
    }
  }

  void encode_word(std::string_view word, std::vector<std::int32_t>& ids) const {
    thread_local WordSymbols symbols;
    symbols.clear();
    for (const char byte : word) {
      const std::int32_t id = byte_ids_[static_cast<unsigned char>(byte)];
      if (id >= 0) symbols.add(id);
    }
    symbols.merge(merges_);
    symbols.append_to(ids);
  }

  Vocabulary vocabulary_;
  std::optional<std::int32_t> unknown_;
  bool add_prefix_space_;
  AddedTokens added_;
  AddedTokens normalized_;
  SequenceTokens sequence_;
  std::array<std::int32_t, 256> byte_ids_{};
  std::unordered_map<std::uint64_t, Merge> merges_;
};

enum class Class { space, letter, number, other };

Class class_of(char32_t letter) {
  if (is_letter(letter)) return Class::letter;
  if (is_number(letter)) return Class::number;
  return is_space(letter) ? Class::space : Class::other;
}

/// Bytes of the run of characters of one class that starts at `position`.
std::size_t run_end(std::string_view text, std::size_t position, Class wanted) {
  while (position < text.size()) {
    std::size_t after = position;
    if (class_of(next_character(text, after)) != wanted) break;
    position = after;
  }
  return position;
}

}  // namespace

const std::array<std::string, 256>& byte_letters() {
  static const std::array<std::string, 256> letters = [] {
    std::array<std::string, 256> table;
    char32_t next = 0x100;
    for (char32_t byte = 0; byte < 256; ++byte) {
      const bool printable =
          (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
      append_utf8(printable ? byte : next++, table[byte]);
    }
    return table;
  }();
  return letters;
}

std::size_t first_word(std::string_view text) {
  if (text.front() == '\'') {
    for (const std::string_view ending : {"'s", "'t", "'re", "'ve", "'m", "'ll", "'d"}) {
      if (text.starts_with(ending)) return ending.size();
    }
  }
  std::size_t begin = 0;
  std::size_t after = 0;
  Class first = class_of(next_character(text, after));
  if (text.front() == ' ' && text.size() > 1) {
    // A single blank belongs to the word after it.
    const Class second = class_of(next_character(text, after));
    if (second != Class::space) {
      begin = 1;
      first = second;
    }
  }
  const std::size_t end = run_end(text, begin, first);
  if (first != Class::space || end == text.size()) return end;
  // White space before a word: its last character is left to the word, unless it is the only one.
  std::size_t last = 0;
  for (std::size_t position = 0; position < end;) {
    last = position;
    (void)next_character(text, position);
  }
  return last > 0 ? last : end;
}

std::unique_ptr<const Tokenizer> make_byte_level_bpe(
    Vocabulary vocabulary, const std::vector<std::pair<std::string, std::string>>& merges,
    std::optional<std::int32_t> unknown, bool add_prefix_space, const AddedTokenLists& added,
    SequenceTokens sequence) {
  return std::make_unique<ByteLevelBpe>(std::move(vocabulary), merges, unknown, add_prefix_space,
                                        added, std::move(sequence));
}

}  // namespace model_search
