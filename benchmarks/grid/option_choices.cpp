// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/grid/option_choices.h"

#include <string_view>

#include "datasets/images/decoder.h"
#include "fixtures/devices/gpu_decoder.h"
#include "fixtures/devices/precision.h"
#include "fixtures/measuring/step.h"
#include "fixtures/models/architecture.h"

namespace model_search {
namespace {

template <typename Range, typename Name>
std::vector<std::string> names_of(const Range& rows, const Name& name) {
  std::vector<std::string> names;
  for (const auto& row : rows) names.emplace_back(name(row));
  return names;
}

}  // namespace

const std::vector<std::string>& step_choices() {
  static const auto names = names_of(step_names, [](const auto& row) { return row.name; });
  return names;
}

std::vector<std::string> architecture_choices() {
  return names_of(architecture_table(), [](const auto& row) { return row.name; });
}

std::vector<std::string> decoder_choices() {
  auto names = names_of(decoder_table(), [](const auto& row) { return row.name; });
  for (const GpuDecoderEntry& row : gpu_decoder_table()) names.emplace_back(row.name);
  return names;
}

std::vector<std::string> precision_choices() {
  return names_of(precision_names(), [](std::string_view name) { return name; });
}

}  // namespace model_search
