// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace model_search {

/// Turns a text into the token ids that a text network takes. Ids equal those of the `tokenizers`
/// package (https://github.com/huggingface/tokenizers) with the same files. Safe to call from many
/// threads at once.
class Tokenizer {
 public:
  virtual ~Tokenizer() = default;
  /// Fills `ids` with the ids of one sequence, its special tokens included ([CLS] … [SEP], or
  /// <s> … </s>), at most `max_length` (at least 2) of them: the end of a longer text is cut off.
  /// Bytes that are not UTF-8 count as U+FFFD, as in Python's errors="replace".
  virtual void encode(std::string_view text, std::size_t max_length,
                      std::vector<std::int32_t>& ids) const = 0;
  [[nodiscard]] virtual std::string_view kind() const = 0;  ///< "wordpiece" or "bpe"
  [[nodiscard]] virtual std::int32_t padding_id() const = 0;
  /// The largest id + 1, those of special and added tokens included.
  [[nodiscard]] virtual std::int64_t vocabulary_size() const = 0;
  /// The token that has the largest id.
  [[nodiscard]] virtual std::string last_token() const = 0;
  /// Equal for equal vocabularies and rules: a hash, for the keys of caches.
  [[nodiscard]] virtual std::string identity() const = 0;
};

/// Reads a tokenizer's files. `path` is a `tokenizer.json`, a `vocab.txt` (WordPiece), or a folder
/// with `tokenizer.json`, `vocab.txt`, or `vocab.json` and `merges.txt` (byte-level BPE), looked
/// for in this order. The settings next to them count (tokenizer_settings.h), but not next to a
/// `tokenizer.json` under another name. Throws std::runtime_error that names the file and what is
/// wrong with it, or the names that were looked for.
[[nodiscard]] std::unique_ptr<const Tokenizer> load_tokenizer(const std::filesystem::path& path);

}  // namespace model_search
