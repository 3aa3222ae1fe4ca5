// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "benchmarks/candidates.h"

namespace model_search {

/// A tail that shares a trunk.
struct Head {
  std::string name;                  ///< the candidate's, or `<candidate>-random-head-<i>`
  std::filesystem::path trunk_file;  ///< where its own network would take the trunk from
  std::filesystem::path tail_file;
  bool random = false;  ///< no candidate: it fills a place
};

/// The tails of a joint model after the trunk of `candidate`: its own; those of other candidates
/// of equal depth and width that share the trunk (by hash), in the zoo's order; then random ones,
/// made once and kept in the cache folder. Exactly `count` (at least 1).
[[nodiscard]] std::vector<Head> joint_heads(Candidates& candidates, const Options& options,
                                            const Candidate& candidate,
                                            const Configuration& configuration, std::size_t count);

/// The names of the candidates of one architecture (two or more) whose trunks of a configuration
/// are equal, in the zoo's order. Candidates that cannot be read are left out.
[[nodiscard]] std::vector<std::vector<std::string>> shared_trunks(
    Candidates& candidates, const Configuration& configuration);

/// The network of a configuration at its place: all stages, the tail, or trunk and heads. Adds to
/// `seconds`.
[[nodiscard]] JointNetwork build_model(Candidates& candidates, const Candidate& candidate,
                                       const Configuration& configuration,
                                       const std::vector<Head>& heads, const Placement& placement,
                                       LoadSeconds* seconds = nullptr,
                                       const LoadSettings& settings = {});

/// The full network of one head alone: its own trunk and its tail.
[[nodiscard]] JointNetwork build_separate(Candidates& candidates, const Candidate& candidate,
                                          const Configuration& configuration, const Head& head,
                                          const Placement& placement,
                                          LoadSeconds* seconds = nullptr);

}  // namespace model_search
