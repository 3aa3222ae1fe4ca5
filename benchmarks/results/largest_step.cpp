// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/results/largest_step.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "fixtures/measuring/step.h"

namespace model_search {

std::map<std::string, double> step_seconds(const std::map<std::string, double>& counters) {
  std::map<std::string, double> seconds;
  const bool search = counters.contains("extract_seconds");
  if (!search) return seconds;
  for (const Step step :
       {Step::load_model, Step::load_data, Step::data_to_device, Step::inference, Step::score}) {
    const std::string name(step_name(step).counter);
    for (const char* kind : {"", "alone_", "busy_"}) {
      const auto found = counters.find(kind + name);
      if (found == counters.end()) continue;
      seconds[name] = found->second;
      break;
    }
  }
  return seconds;
}

std::string LargestStep::text() const {
  return step + " " + std::to_string(std::lround(100 * std::min(share, 1.0))) + " %";
}

std::optional<LargestStep> largest_step(const std::map<std::string, double>& steps, double whole) {
  if (steps.empty() || !(whole > 0)) return std::nullopt;
  const auto longest = std::ranges::max_element(
      steps, {}, [](const std::pair<const std::string, double>& step) { return step.second; });
  return LargestStep{longest->first, longest->second / whole};
}

}  // namespace model_search
