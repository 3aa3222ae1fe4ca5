// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/results/row_names.h"

#include <map>
#include <sstream>

namespace model_search {
namespace {

std::vector<std::string> parts_of(const std::string& name) {
  std::vector<std::string> parts;
  std::istringstream stream(name);
  for (std::string part; std::getline(stream, part, '/');) parts.push_back(part);
  return parts;
}

}  // namespace

RowNames::RowNames(const std::vector<std::string>& names) {
  std::map<std::string, std::set<std::string>> values;
  for (const std::string& name : names) {
    for (const std::string& part : parts_of(name)) {
      const std::size_t equals = part.find('=');
      if (equals != std::string::npos) values[part.substr(0, equals)].insert(part);
    }
  }
  for (const auto& [key, found] : values) {
    if (found.size() > 1) continue;
    parts_.insert(*found.begin());
    text_ += (text_.empty() ? "" : ", ") + *found.begin();
  }
}

std::string RowNames::shorten(const std::string& name) const {
  // Repetitions' aggregates end in "/manual_time_median".
  const std::string every = "manual_time";
  std::string text;
  for (const std::string& part : parts_of(name)) {
    if (parts_.contains(part)) continue;
    if (part.starts_with(every)) {
      text += part.substr(every.size());
    } else {
      text += (text.empty() ? "" : "/") + part;
    }
  }
  return text;
}

}  // namespace model_search
