// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "benchmarks/grid/axis.h"
#include "fixtures/measuring/step.h"

namespace model_search {

/// One registered benchmark: a point in the product of all axes.
struct Combination {
  /// Orders axes by their keys, as in names.
  struct ByKey {
    bool operator()(const Axis* a, const Axis* b) const { return a->key < b->key; }
  };

  Step step = Step::inference;
  std::string subject;        ///< a candidate, or "images" or "text" for steps without a network
  std::string input;          ///< "images" or "text": what the subject reads
  std::string configuration;  ///< empty for the steps without a network
  std::string device;         ///< or a set of devices (DeviceSet)
  std::map<const Axis*, Value, ByKey> values;  ///< for each axis that this row has
  std::int64_t batch = 0;                      ///< 0: the step has no batch size

  [[nodiscard]] bool on_gpu() const { return device.starts_with("cuda"); }
  [[nodiscard]] bool has(const Axis& axis) const { return values.contains(&axis); }
  /// The word of an axis; the axis' default where the row does not have the axis.
  [[nodiscard]] const std::string& word(const Axis& axis) const;
  /// The number of an axis; its default where the row does not have the axis.
  [[nodiscard]] std::int64_t number(const Axis& axis) const;
  /// Whether the word of an axis is this one.
  [[nodiscard]] bool is(const Axis& axis, std::string_view word) const {
    return this->word(axis) == word;
  }

  /// `<Step>/<subject>/<configuration>/<device>/<key>=<value>…`: the registered name.
  [[nodiscard]] std::string family() const;
  /// family() and what Google Benchmark appends to it: the key of every baseline.
  [[nodiscard]] std::string name() const;
  /// `<key>=<value>…` of the axes that affect something in `affects`, without defaults, as names
  /// show them. Rows with equal texts agree in what `affects` names, as far as axes decide it.
  [[nodiscard]] std::string identity(unsigned affects) const;
};

}  // namespace model_search
