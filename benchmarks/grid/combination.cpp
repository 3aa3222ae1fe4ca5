// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/grid/combination.h"

namespace model_search {

std::string Combination::family() const {
  std::string text(step_name(step).name);
  text += "/" + subject;
  if (!configuration.empty()) text += "/" + configuration;
  text += "/" + device;
  for (const auto& [key, value] : keys) text += "/" + key + "=" + value;
  return text;
}

std::string Combination::name() const {
  return family() + (batch > 0 ? "/batch:" + std::to_string(batch) : "") + "/manual_time";
}

std::string Combination::key(const std::string& key, const std::string& fallback) const {
  const auto found = keys.find(key);
  return found == keys.end() ? fallback : found->second;
}

}  // namespace model_search
