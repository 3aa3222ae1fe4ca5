// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/grid/axis.h"

#include <CLI/CLI.hpp>
#include <charconv>
#include <cmath>
#include <stdexcept>

#include "datasets/files/nearest_word.h"

namespace model_search {
namespace {

[[noreturn]] void refuse(const Axis& axis, const std::string& text, const std::string& why) {
  throw std::invalid_argument("--" + std::string(axis.flag) + "=" + text + ": " + why);
}

Value read_number(const Axis& axis, const std::string& text, const std::string& part) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), number);
  if (error != std::errc{} || end != part.data() + part.size()) {
    refuse(axis, text, "'" + part + "' is not a whole number");
  }
  if (number < axis.least && !(axis.zero_too && number == 0)) {
    refuse(axis, text,
           "'" + part + "' must be " + (axis.zero_too ? "0 or " : "") + "at least " +
               std::to_string(axis.least));
  }
  if (number > axis.most) {
    refuse(axis, text, "'" + part + "' must be at most " + std::to_string(axis.most));
  }
  return number;
}

Value read_word(const Axis& axis, const std::string& text, std::string part) {
  if (axis.check != nullptr) {
    try {
      axis.check(part);
    } catch (const std::invalid_argument& error) {
      refuse(axis, text, error.what());
    }
  } else if (axis.choices != nullptr) {
    const std::vector<std::string> choices = axis.choices();
    if (const std::string error = CLI::IsMember(choices)(part); !error.empty()) {
      refuse(axis, text, error + did_you_mean(part, choices));
    }
  }
  return axis.spelled != nullptr ? axis.spelled(part) : part;
}

}  // namespace

std::uint64_t read_bytes(const std::string& text) {
  std::size_t end = 0;
  double number = 0;
  std::string unit;
  try {
    number = std::stod(text, &end);
    unit = "1" + text.substr(end);
    (void)CLI::AsSizeValue(true)(unit);
  } catch (const std::exception&) {
    number = 0;
  }
  const bool spaced = text.find(' ') != std::string::npos;
  if (spaced || !(number > 0) || !std::isfinite(number)) {
    throw std::invalid_argument("'" + text +
                                "' is not a number of bytes; write e.g. 500MB, 1.5GB or 2GiB");
  }
  return static_cast<std::uint64_t>(number * std::stod(unit));
}

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
  if (bytes) {
    try {
      return {Bytes{read_bytes(text), text}};
    } catch (const std::invalid_argument& error) {
      refuse(*this, text, error.what());
    }
  }
  Values found;
  for (const std::string& part : CLI::detail::split(text, ',')) {
    found.push_back(numbers ? read_number(*this, text, part) : read_word(*this, text, part));
  }
  return found;
}

Values Axis::defaults(const Machine& machine) const {
  return rule != nullptr ? rule(machine) : standard;
}

}  // namespace model_search
