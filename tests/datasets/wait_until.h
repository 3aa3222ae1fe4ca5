// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <thread>

#include "datasets/loading/waits.h"

namespace model_search {

/// Waits until `holds()`; false where it does not hold within half a minute.
template <typename Condition>
bool wait_until(const Condition& holds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!holds()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

/// Whether the waits of now are described with this text.
inline bool described(const std::string& text) {
  return describe(current_waits()).find(text) != std::string::npos;
}

}  // namespace model_search
