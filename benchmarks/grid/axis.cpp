// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/grid/axis.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <stdexcept>

namespace model_search {
namespace {

[[noreturn]] void refuse(std::string_view flag, const std::string& value, const std::string& why) {
  throw std::invalid_argument("--" + std::string(flag) + "=" + value + ": " + why);
}

Value read_number(const Axis& axis, const std::string& text) {
  std::int64_t number = 0;
  if (!CLI::detail::lexical_cast(text, number)) {
    refuse(axis.flag, text, "'" + text + "' is not a whole number");
  }
  if (number < axis.least && !(axis.zero_too && number == 0)) {
    refuse(axis.flag, text,
           "it must be " + std::string(axis.zero_too ? "0 or " : "") + "at least " +
               std::to_string(axis.least));
  }
  return number;
}

Value read_bytes(const Axis& axis, std::string text) {
  const std::string given = text;
  try {
    (void)CLI::AsSizeValue(true)(text);
  } catch (const CLI::ValidationError&) {
    refuse(axis.flag, given, "it is not a number of bytes; write e.g. 500MB or 32GB");
  }
  return Bytes{std::stoull(text), given};
}

Value read_word(const Axis& axis, std::string text) {
  const std::string given = text;
  if (axis.check != nullptr) {
    try {
      axis.check(text);
    } catch (const std::invalid_argument& error) {
      refuse(axis.flag, given, error.what());
    }
  } else if (axis.choices != nullptr) {
    if (const std::string error = CLI::IsMember(axis.choices())(text); !error.empty()) {
      refuse(axis.flag, given, error);
    }
  }
  return text;
}

}  // namespace

std::string text_of(const Value& value) {
  if (const auto* word = std::get_if<std::string>(&value)) return *word;
  if (const auto* bytes = std::get_if<Bytes>(&value)) return bytes->text;
  return std::to_string(std::get<std::int64_t>(value));
}

std::string joined(const Values& values) {
  std::string text;
  for (const Value& value : values) text += (text.empty() ? "" : ",") + text_of(value);
  return text.empty() ? "default" : text;
}

bool Axis::leaves_out(const Value& value) const {
  if (shown == Shown::always) return false;
  return shown == Shown::part || (!standard.empty() && value == standard.front()) ||
         (unnamed != nullptr && unnamed(value));
}

Values Axis::read(const std::string& text) const {
  Values found;
  for (const std::string& part : CLI::detail::split(text, ',')) {
    found.push_back(numbers ? read_number(*this, part)
                            : (bytes ? read_bytes(*this, part) : read_word(*this, part)));
  }
  return found;
}

Values Axis::defaults(const Machine& machine) const {
  return rule != nullptr ? rule(machine) : standard;
}

}  // namespace model_search
