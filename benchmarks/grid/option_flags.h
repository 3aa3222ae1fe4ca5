// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/App.hpp>
#include <cstdint>
#include <functional>
#include <list>
#include <string>

#include "benchmarks/grid/options.h"

namespace model_search {

/// A flag that takes a list, as text until all flags are read.
struct ListText {
  std::string flag;
  std::string value;
  std::function<void(const std::string&)> read;
};

/// What the flags are read into: Options, and texts that are worked out afterwards.
struct Draft {
  Options options;
  std::string preset;
  std::string cache_limit = "32GB";
  std::string precision_target;
  std::int64_t batches = 50;
  std::int64_t warmup_batches = 5;
  std::list<ListText> lists;  ///< a list: the flags hold addresses of its texts
};

/// Adds every flag, which holds addresses of the draft from then on.
void declare(CLI::App& app, Draft& draft);

}  // namespace model_search
