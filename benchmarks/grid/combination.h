// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "benchmarks/grid/axis.h"
#include "fixtures/measuring/step.h"

namespace model_search {

/// One registered benchmark: a point of the product of all axes.
struct Combination {
  /// By their keys in names.
  struct ByKey {
    bool operator()(const Axis* a, const Axis* b) const { return a->key < b->key; }
  };

  Step step = Step::inference;
  std::string subject;        ///< a candidate, or "images" or "text" for steps without a network
  std::string input;          ///< "images" or "text": what the subject reads
  std::string configuration;  ///< empty for the steps without a network
  std::string device;
  std::map<const Axis*, Value, ByKey> values;  ///< of the axes that this row has
  std::int64_t batch = 0;                      ///< 0: the step has no batch size

  [[nodiscard]] bool on_gpu() const { return device != "cpu"; }
  [[nodiscard]] bool has(const Axis& axis) const { return values.contains(&axis); }
  /// Its word, or the axis' default where the row does not have the axis.
  [[nodiscard]] const std::string& word(const Axis& axis) const;
  /// Its number, likewise.
  [[nodiscard]] std::int64_t number(const Axis& axis) const;
  /// Whether its word is this one.
  [[nodiscard]] bool is(const Axis& axis, std::string_view word) const {
    return this->word(axis) == word;
  }

  /// `<Step>/<subject>/<configuration>/<device>/<key>=<value>…`: the name that is registered.
  [[nodiscard]] std::string family() const;
  /// family() with what Google Benchmark appends: the key of every baseline.
  [[nodiscard]] std::string name() const;
  /// `<key>=<value>…` of the axes that affect something of `affects`, without defaults, as names
  /// show them: equal for rows that agree in it, as far as axes decide it.
  [[nodiscard]] std::string identity(unsigned affects) const;
};

}  // namespace model_search
