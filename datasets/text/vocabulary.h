// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "datasets/files/fingerprint.h"
#include "datasets/text/text_hash.h"

namespace model_search {

/// Tokens and their ids.
class Vocabulary {
 public:
  /// Of a token that is added again, the last id counts.
  void add(const std::string& token, std::int32_t id) {
    reserve(token, id);
    ids_.insert_or_assign(token, id);
  }
  [[nodiscard]] std::optional<std::int32_t> find(std::string_view token) const {
    const auto found = ids_.find(token);
    if (found == ids_.end()) return std::nullopt;
    return found->second;
  }
  /// Makes room for a token that is not a piece of words.
  void reserve(const std::string& token, std::int32_t id) {
    if (id <= largest_) return;
    largest_ = id;
    last_token_ = token;
  }
  /// The number of different tokens.
  [[nodiscard]] std::size_t count() const { return ids_.size(); }
  /// Largest id + 1, and the token that has it.
  [[nodiscard]] std::int64_t size() const { return std::int64_t{largest_} + 1; }
  [[nodiscard]] const std::string& last_token() const { return last_token_; }
  /// Adds all tokens and ids; the order in which they were added here does not matter.
  void describe(Fingerprint& fingerprint) const {
    std::vector<std::pair<std::int32_t, std::string_view>> rows;
    rows.reserve(ids_.size());
    for (const auto& [token, id] : ids_) rows.emplace_back(id, token);
    std::sort(rows.begin(), rows.end());
    for (const auto& [id, token] : rows) {
      fingerprint.add(static_cast<std::uint64_t>(id));
      fingerprint.add(token);
    }
  }

 private:
  std::unordered_map<std::string, std::int32_t, TextHash, std::equal_to<>> ids_;
  std::int32_t largest_ = -1;
  std::string last_token_;
};

}  // namespace model_search
