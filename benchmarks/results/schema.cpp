// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/results/schema.h"

#include <nlohmann/json.hpp>
#include <set>

#include "benchmarks/grid/presets.h"
#include "benchmarks/results/context.h"
#include "benchmarks/results/merged_rounds.h"
#include "benchmarks/steps/steps.h"
#include "fixtures/models/architecture.h"

namespace model_search {
namespace {

using Json = nlohmann::ordered_json;

constexpr int version = 1;

Json text_or_null(std::string_view text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

Json texts_of(const Values& values) {
  Json texts = Json::array();
  for (const Value& value : values) texts.push_back(text_of(value));
  return texts;
}

/// Whether a step's rows have an axis. Every step has the axis of its subject.
bool has_axis(const StepRows& step, const Axis& axis) {
  if (&axis == &axes().architecture) return true;
  return std::ranges::find(step.axes, &axis) != step.axes.end();
}

Json steps() {
  Json list = Json::array();
  for (const StepEntry& step : step_table()) {
    const StepName& name = step_name(step.rows.step);
    Json flags = Json::array();
    for (const Axis& axis : axes().all()) {
      if (has_axis(step.rows, axis)) flags.push_back(axis.flag.empty() ? axis.key : axis.flag);
    }
    list.push_back({{"name", name.name},
                    {"counter", name.counter},
                    {"title", name.title},
                    {"doing", name.doing},
                    {"per_network", step.rows.subjects == Subjects::candidates},
                    {"row_version", step.row_version},
                    {"axes", flags}});
  }
  return list;
}

Json affects_of(const Axis& axis) {
  constexpr std::array<std::pair<unsigned, const char*>, 5> names{{{affects_features, "features"},
                                                                   {affects_memory, "memory"},
                                                                   {affects_loading, "loading"},
                                                                   {affects_score, "score"},
                                                                   {affects_cost, "cost"}}};
  Json list = Json::array();
  for (const auto& [flag, name] : names) {
    if ((axis.affects & flag) != 0) list.push_back(name);
  }
  return list;
}

Json axis_row(const Axis& axis) {
  constexpr std::array shown{"unless_default", "always", "part"};
  Json steps = Json::array();
  for (const StepEntry& step : step_table()) {
    if (has_axis(step.rows, axis)) steps.push_back(step_name(step.rows.step).name);
  }
  Json values = nullptr;
  if (axis.choices != nullptr) values = axis.choices();
  const bool named = axis.shown == Shown::unless_default && axis.unnamed == nullptr;
  return {{"flag", text_or_null(axis.flag)},
          {"key", axis.key},
          {"type", axis.numbers ? "number" : (axis.bytes ? "bytes" : "word")},
          {"values", values},
          {"default", named ? Json(text_of(axis.standard.front())) : Json(nullptr)},
          {"default_values", texts_of(axis.standard)},
          {"default_rule", text_or_null(axis.rule_text)},
          {"named", shown.at(static_cast<std::size_t>(axis.shown))},
          {"help", axis.help},
          {"affects", affects_of(axis)},
          {"steps", steps}};
}

Json axis_rows() {
  Json list = Json::array();
  for (const Axis& axis : axes().all()) {
    if (&axis != &axes().step) list.push_back(axis_row(axis));
  }
  return list;
}

Json setting_rows() {
  Json list = Json::array();
  for (const Setting& setting : settings()) {
    list.push_back({{"flag", setting.flag}, {"default", setting.standard}, {"help", setting.help}});
  }
  return list;
}

Json context_rows() {
  Json list = Json::array();
  for (const ContextKind& row : context_kinds()) {
    list.push_back({{"pattern", row.pattern}, {"kind", text_or_null(row.kind)}});
  }
  return list;
}

Json counter_rows() {
  Json list = Json::array();
  std::set<std::string_view> names;
  const auto add = [&](const std::vector<Counter>& counters) {
    for (const Counter& counter : counters) {
      if (!names.insert(counter.name).second) continue;
      list.push_back({{"name", counter.name},
                      {"unit", counter.unit},
                      {"better", text_or_null(counter.better)},
                      {"meaning", counter.meaning}});
    }
  };
  add(shared_counters());
  add(process_counters());
  for (const StepEntry& step : step_table()) add(step.counters);
  return list;
}

Json architecture_rows() {
  Json list = Json::array();
  for (const Architecture& row : architecture_table()) {
    list.push_back({{"name", row.name},
                    {"title", row.title},
                    {"input", row.input},
                    {"blocks", row.blocks},
                    {"tokenizer", text_or_null(row.tokens.tokenizer)}});
  }
  return list;
}

Json preset_rows() {
  Json list = Json::array();
  for (const Preset& preset : presets()) {
    Json values = Json::object();
    for (const auto& [axis, text] : preset.flags) {
      values[std::string(axis->flag)] = texts_of(axis->read(std::string(text)));
    }
    list.push_back({{"name", preset.name}, {"values", values}});
  }
  return list;
}

}  // namespace

std::string schema() {
  return Json{{"schema", version},
              {"steps", steps()},
              {"axes", axis_rows()},
              {"settings", setting_rows()},
              {"context", context_rows()},
              {"counters", counter_rows()},
              {"architectures", architecture_rows()},
              {"presets", preset_rows()}}
      .dump(1);
}

}  // namespace model_search
