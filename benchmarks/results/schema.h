// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace model_search {

/// What the program knows of axes, steps, settings, entries of the context, counters, architectures
/// and presets, as JSON (`--schema`). It is the same on every machine: it has no value that a rule
/// takes from the machine. tools/ reads a copy of it.
[[nodiscard]] std::string schema();

}  // namespace model_search
