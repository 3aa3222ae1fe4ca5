// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/joint_heads.h"

#include <c10/core/InferenceMode.h>

#include <cstdio>
#include <map>

#include "benchmarks/calibration_photographs.h"
#include "fixtures/weights/random_weights.h"

namespace model_search {
namespace {

Head random_head(Candidates& candidates, const Options& options, const Candidate& candidate,
                 const Configuration& configuration, std::size_t index) {
  const Architecture& architecture = candidate.architecture;
  const StageRange trunk = configuration.trunk(architecture);
  const std::uint64_t seed = candidate.entry.seed + index;
  Head head{candidate.name() + "-random-head-" + std::to_string(index),
            candidates.checkpoint(candidate).path(),
            {}};
  head.random = true;
  head.tail_file = options.cache_dir / "weights" /
                   (architecture.name + "-head-v1-after-" + candidates.hash(candidate, trunk) +
                    "-cut" + std::to_string(trunk.last_block) + shape_suffix(architecture) +
                    "-seed" + std::to_string(seed) + ".safetensors");
  if (std::filesystem::exists(head.tail_file)) return head;
  std::fprintf(stderr, "Making random weights for %s (once)\n", head.name.c_str());
  make_random_weights(head.tail_file, architecture, configuration.tail(architecture), seed, [&] {
    const c10::InferenceMode inference;
    return candidates.build(candidate, trunk, Device{"cpu"})
        .forward(calibration_photographs(static_cast<std::size_t>(options.workers.front())));
  });
  return head;
}

/// What reads the items: two trunks share activations only of equal tokens.
std::string tokenizer_of(Candidates& candidates, const Candidate& candidate) {
  return candidate.architecture.input == "text" ? candidates.tokenizer(candidate)->identity() : "";
}

/// Whether the tail of `other` fits after the trunk of `candidate`: equal trunks, and tails of
/// equal tensors, so that a network of another depth is none.
bool shares_trunk(Candidates& candidates, const Candidate& candidate, const Candidate& other,
                  const Configuration& configuration) {
  const Architecture& a = candidate.architecture;
  const Architecture& b = other.architecture;
  return a.name == b.name && a.blocks == b.blocks && shape_suffix(a) == shape_suffix(b) &&
         tokenizer_of(candidates, candidate) == tokenizer_of(candidates, other) &&
         candidates.hash(candidate, configuration.trunk(a)) ==
             candidates.hash(other, configuration.trunk(b));
}

}  // namespace

std::vector<Head> joint_heads(Candidates& candidates, const Options& options,
                              const Candidate& candidate, const Configuration& configuration,
                              std::size_t count) {
  const auto file = [&](const Candidate& owner) { return candidates.checkpoint(owner).path(); };
  std::vector<Head> heads{{candidate.name(), file(candidate), file(candidate)}};
  for (const ZooEntry& entry : candidates.entries()) {
    if (heads.size() == count) break;
    if (entry.architecture != candidate.entry.architecture || entry.name == candidate.name() ||
        entry.weights.empty()) {
      continue;
    }
    try {
      const Candidate& other = candidates.find(entry.name, candidate.pooling);
      if (shares_trunk(candidates, candidate, other, configuration)) {
        heads.push_back({other.name(), file(other), file(other)});
      }
    } catch (const std::exception&) {
      // Its own rows say what is wrong with it.
    }
  }
  for (std::size_t i = 1; heads.size() < count; ++i) {
    heads.push_back(random_head(candidates, options, candidate, configuration, i));
  }
  return heads;
}

std::vector<std::vector<std::string>> shared_trunks(Candidates& candidates,
                                                    const Configuration& configuration) {
  std::map<std::string, std::vector<std::string>> by_trunk;
  std::vector<std::string> order;
  for (const ZooEntry& entry : candidates.entries()) {
    try {
      const Candidate& candidate = candidates.find(entry.name);
      const std::string trunk =
          entry.architecture + " " + tokenizer_of(candidates, candidate) + " " +
          candidates.hash(candidate, configuration.trunk(candidate.architecture));
      if (by_trunk[trunk].empty()) order.push_back(trunk);
      by_trunk[trunk].push_back(entry.name);
    } catch (const std::exception&) {
      // Its own rows say what is wrong with it.
    }
  }
  std::vector<std::vector<std::string>> groups;
  for (const std::string& trunk : order) {
    if (by_trunk[trunk].size() > 1) groups.push_back(by_trunk[trunk]);
  }
  return groups;
}

JointNetwork build_model(Candidates& candidates, const Candidate& candidate,
                         const Configuration& configuration, const std::vector<Head>& heads,
                         const Placement& placement, LoadSeconds* seconds,
                         const LoadSettings& settings) {
  const Architecture& architecture = candidate.architecture;
  const StageRange tail = configuration.tail(architecture);
  if (!configuration.joint()) {
    return JointNetwork(candidates.build(candidate, tail, placement, seconds, settings));
  }
  Network trunk =
      candidates.build(candidate, configuration.trunk(architecture), placement, seconds, settings);
  std::vector<Network> tails;
  tails.reserve(heads.size());
  for (const Head& head : heads) {
    tails.push_back(
        candidates.build_from(head.tail_file, candidate, tail, placement, seconds, settings));
  }
  return {std::move(trunk), std::move(tails)};
}

JointNetwork build_separate(Candidates& candidates, const Candidate& candidate,
                            const Configuration& configuration, const Head& head,
                            const Placement& placement, LoadSeconds* seconds) {
  const Architecture& architecture = candidate.architecture;
  std::vector<Network> tail;
  Network trunk = candidates.build_from(head.trunk_file, candidate,
                                        configuration.trunk(architecture), placement, seconds);
  tail.push_back(candidates.build_from(head.tail_file, candidate, configuration.tail(architecture),
                                       placement, seconds));
  return {std::move(trunk), std::move(tail)};
}

}  // namespace model_search
