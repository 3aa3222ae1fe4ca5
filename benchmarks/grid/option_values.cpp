// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/grid/option_values.h"

#include <algorithm>
#include <charconv>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace model_search {
namespace {

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> words;
  std::istringstream stream(text);
  for (std::string word; std::getline(stream, word, ',');) words.push_back(word);
  return words;
}

}  // namespace

std::string join(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

void require_choice(const std::string& flag, const std::string& value,
                    const std::vector<std::string>& choices) {
  if (std::find(choices.begin(), choices.end(), value) != choices.end()) return;
  throw std::invalid_argument("--" + flag + "=" + value + " is unknown; choices: " + join(choices));
}

void require_choices(const std::string& flag, const std::vector<std::string>& values,
                     const std::vector<std::string>& choices) {
  for (const std::string& value : values) require_choice(flag, value, choices);
}

void require_positive(const std::string& flag, const std::vector<std::int64_t>& values,
                      std::int64_t least) {
  for (const std::int64_t value : values) {
    if (value < least) {
      throw std::invalid_argument("--" + flag + "=" + std::to_string(value) +
                                  " is too small; it must be at least " + std::to_string(least));
    }
  }
}

void read_list(const std::string&, const std::string& text, std::vector<std::string>& target) {
  target = split(text);
}

void read_list(const std::string& flag, const std::string& text,
               std::vector<std::int64_t>& target) {
  target.clear();
  for (const std::string& word : split(text)) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
    if (error != std::errc{} || end != word.data() + word.size()) {
      throw std::invalid_argument("--" + flag + "=" + text + ": '" + word + "' is no whole number");
    }
    target.push_back(number);
  }
}

std::uint64_t parse_bytes(const std::string& flag, const std::string& text) {
  std::size_t end = 0;
  double value = -1;
  try {
    value = std::stod(text, &end);
  } catch (const std::exception&) {
    end = 0;
  }
  static const std::vector<std::pair<std::string, double>> units{
      {"", 1}, {"B", 1}, {"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"TB", 1e12}};
  for (const auto& [unit, factor] : units) {
    if (end > 0 && value > 0 && text.substr(end) == unit) {
      return static_cast<std::uint64_t>(value * factor);
    }
  }
  throw std::invalid_argument("--" + flag + "=" + text +
                              " is no number of bytes; write e.g. 500MB or 32GB");
}

double parse_fraction(const std::string& flag, const std::string& text) {
  std::size_t end = 0;
  double value = 0;
  try {
    value = std::stod(text, &end);
  } catch (const std::exception&) {
    end = 0;
  }
  const std::string unit = text.substr(end);
  if (unit == "%") value /= 100;
  if (end == 0 || (!unit.empty() && unit != "%") || !(value > 0 && value < 1)) {
    throw std::invalid_argument("--" + flag + "=" + text +
                                " is no fraction between 0 and 1; write e.g. 1% or 0.01");
  }
  return value;
}

}  // namespace model_search
