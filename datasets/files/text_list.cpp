// SPDX-License-Identifier: Apache-2.0
#include "datasets/files/text_list.h"

#include <algorithm>

namespace model_search {

std::string first_ten(const std::vector<std::string>& texts) {
  constexpr std::size_t shown = 10;
  std::string list;
  for (std::size_t i = 0; i < std::min(shown, texts.size()); ++i) {
    list += (i == 0 ? "" : ", ") + texts[i];
  }
  if (texts.size() > shown) list += " and " + std::to_string(texts.size() - shown) + " more";
  return list;
}

}  // namespace model_search
