// SPDX-License-Identifier: Apache-2.0
#include "datasets/files/host_name.h"

#include <unistd.h>

#include <array>

namespace model_search {

std::string host_name() {
  std::array<char, 256> text{};
  (void)::gethostname(text.data(), text.size() - 1);
  return text.data();
}

std::string short_host_name() {
  const std::string name = host_name();
  return name.substr(0, name.find('.'));
}

}  // namespace model_search
