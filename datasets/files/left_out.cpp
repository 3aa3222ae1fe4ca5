// SPDX-License-Identifier: Apache-2.0
#include "datasets/files/left_out.h"

#include <algorithm>
#include <cctype>
#include <functional>
#include <utility>
#include <vector>

namespace model_search {

void LeftOut::add_by_name(const std::filesystem::path& file) {
  constexpr std::size_t longest = 12;
  std::string end = file.extension().string();
  std::ranges::transform(end, end.begin(),
                         [](unsigned char letter) { return std::tolower(letter); });
  const bool plain = end.size() > 1 && end.size() <= longest &&
                     std::all_of(end.begin() + 1, end.end(),
                                 [](unsigned char letter) { return std::isalnum(letter) != 0; });
  add(plain ? end : "of other kinds");
}

std::size_t LeftOut::total() const {
  std::size_t sum = 0;
  for (const auto& [kind, count] : counts_) sum += count;
  return sum;
}

std::string LeftOut::describe() const {
  constexpr std::size_t shown = 6;
  std::vector<std::pair<std::string, std::size_t>> kinds(counts_.begin(), counts_.end());
  std::ranges::stable_sort(kinds, std::greater(), [](const auto& kind) { return kind.second; });
  std::string text;
  std::size_t rest = 0;
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    if (i >= shown) {
      rest += kinds[i].second;
      continue;
    }
    text += (text.empty() ? "" : ", ") + std::to_string(kinds[i].second) + " " + kinds[i].first;
  }
  return rest == 0 ? text : text + ", " + std::to_string(rest) + " more";
}

}  // namespace model_search
