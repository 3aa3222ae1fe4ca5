// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "fixtures/measuring/step.h"

namespace model_search {

/// One registered benchmark: a point of the product of all axes.
struct Combination {
  Step step = Step::inference;
  std::string subject;        ///< a candidate, or "images" for the steps without a network
  std::string configuration;  ///< empty for the steps without a network
  std::string device;
  std::map<std::string, std::string> keys;  ///< options that change the work, in name order
  std::int64_t batch = 0;                   ///< 0: the step has no batch size

  /// `<Step>/<subject>/<configuration>/<device>/<key>=<value>…`: the name that is registered.
  [[nodiscard]] std::string family() const;
  /// family() with what Google Benchmark appends: the key of every baseline.
  [[nodiscard]] std::string name() const;
  /// The value of a key, or `fallback` where the name does not bear it.
  [[nodiscard]] std::string key(const std::string& key, const std::string& fallback) const;
};

}  // namespace model_search
