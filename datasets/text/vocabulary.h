// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "datasets/files/fingerprint.h"

namespace model_search {

/// Tokens and their ids.
class Vocabulary {
 public:
  /// Returns false if the vocabulary has the token already.
  bool add(std::string token, std::int32_t id) {
    largest_ = std::max(largest_, id);
    return ids_.emplace(std::move(token), id).second;
  }
  [[nodiscard]] std::optional<std::int32_t> find(std::string_view token) const {
    const auto found = ids_.find(token);
    if (found == ids_.end()) return std::nullopt;
    return found->second;
  }
  /// Makes room for an id that does not belong to a token of the vocabulary.
  void reserve(std::int32_t id) { largest_ = std::max(largest_, id); }
  /// Largest id + 1.
  [[nodiscard]] std::int64_t size() const { return std::int64_t{largest_} + 1; }
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
  /// Lets a std::string_view be looked up without a copy.
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };
  std::unordered_map<std::string, std::int32_t, Hash, std::equal_to<>> ids_;
  std::int32_t largest_ = -1;
};

}  // namespace model_search
