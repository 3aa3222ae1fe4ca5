// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/grid/combination.h"

#include <stdexcept>

namespace model_search {
namespace {

const Value& value_of(const Combination& row, const Axis& axis) {
  if (const auto found = row.values.find(&axis); found != row.values.end()) return found->second;
  if (!axis.standard.empty()) return axis.standard.front();
  throw std::logic_error("the row " + row.name() + " has no axis " + std::string(axis.key));
}

std::string key_and_value(const Axis& axis, const Value& value) {
  return std::string(axis.key) + "=" + text_of(value);
}

}  // namespace

const std::string& Combination::word(const Axis& axis) const {
  return std::get<std::string>(value_of(*this, axis));
}

std::int64_t Combination::number(const Axis& axis) const {
  return std::get<std::int64_t>(value_of(*this, axis));
}

std::string Combination::family() const {
  std::string text(step_name(step).name);
  text += "/" + subject;
  if (!configuration.empty()) text += "/" + configuration;
  text += "/" + device;
  for (const auto& [axis, value] : values) {
    if (!axis->leaves_out(value)) text += "/" + key_and_value(*axis, value);
  }
  return text;
}

std::string Combination::name() const {
  return family() + (batch > 0 ? "/batch:" + std::to_string(batch) : "") + "/manual_time";
}

std::string Combination::identity(unsigned affects) const {
  std::string text;
  for (const auto& [axis, value] : values) {
    if ((axis->affects & affects) == 0 || axis->leaves_out(value)) continue;
    text += (text.empty() ? "" : " ") + key_and_value(*axis, value);
  }
  return text;
}

}  // namespace model_search
