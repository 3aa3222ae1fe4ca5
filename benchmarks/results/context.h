// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "benchmarks/grid/combination.h"
#include "benchmarks/steps/session.h"
#include "fixtures/devices/environment.h"

namespace model_search {

/// What the numbers depend on, for Google Benchmark's context: the environment, the data, the
/// candidates' weights and every option in force. Lists the data set, generating the default one
/// where needed. Throws std::runtime_error where the data set cannot be read.
[[nodiscard]] Facts describe_run(Session& session, const std::vector<Combination>& combinations);

/// The entry of --stall_limit. No number depends on it, so that a run may be resumed with another.
inline constexpr std::string_view stall_limit_fact = "option_stall_limit";

/// The entry that says why a process measures its shard. No number depends on it either.
inline constexpr std::string_view shard_source_fact = "shard_source";

/// The kind of the context's entries whose name matches a pattern; the first matching row counts.
/// Results that differ in an entry with a kind were measured under different conditions.
struct ContextKind {
  std::string pattern;  ///< a regular expression for the whole name
  std::string kind;     ///< machine, driver, library, build, data or option; empty: never compared
};
[[nodiscard]] std::vector<ContextKind> context_kinds();

/// The facts that all processes of one run share: those of the build, the libraries, the data, the
/// options and the grid, without those of the machine. tools/merge.py refuses files where they
/// differ.
[[nodiscard]] Facts facts_of_run(const Facts& facts);

}  // namespace model_search
