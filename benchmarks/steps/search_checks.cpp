// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/steps/search_checks.h"

#include <algorithm>
#include <memory>
#include <numeric>
#include <set>
#include <stdexcept>
#include <utility>
#include <vector>

#include "fixtures/devices/precision.h"
#include "fixtures/searching/chosen_source.h"
#include "fixtures/searching/feature_distance.h"
#include "fixtures/searching/zoo_search/decoded_items.h"

namespace model_search {

void check_first_round(const ZooToSearch& zoo, ZooBudget budget, std::size_t batch,
                       std::uint64_t seed) {
  const std::size_t candidates = different(members_of(zoo), equal_candidates(zoo));
  const std::size_t items = round_items(budget, candidates, zoo.labels.size(), batch).front();
  std::vector<std::int64_t> first;
  for (std::size_t i = 0; i < items; ++i) first.push_back(zoo.labels.at(zoo.order[i]));
  try {
    (void)stratified_split(first, seed);
  } catch (const std::runtime_error& error) {
    if (items == zoo.labels.size()) throw;
    throw std::runtime_error("the first round of budget=halving has " + std::to_string(items) +
                             " items: " + error.what());
  }
}

double check_networks(const RowSettings& row, const RowZoo& zoo) {
  double distance = 0;
  Session& session = row.session();
  std::set<std::string> checked;
  for (std::size_t i = 0; i < zoo.zoo->networks.size(); ++i) {
    if (zoo.zoo->networks[i] == nullptr) continue;
    const Candidate& candidate = *zoo.zoo->networks[i];
    const std::string architecture = cost_key(candidate.architecture);
    if (checked.contains(architecture)) continue;
    const RowSettings own = settings_of(row, candidate.name());
    const JointNetwork network(
        session.candidates.build(candidate, full_range(candidate.architecture), zoo.placement));
    try {
      distance =
          std::max(distance, session.feature_checks.check(
                                 session, network,
                                 {candidate,
                                  own.configuration(),
                                  {},
                                  zoo.placement,
                                  find_precision(row.precision()),
                                  Element::float32,
                                  own.input(),
                                  own.combination().identity(affects_features | affects_memory)}));
      checked.insert(architecture);
    } catch (const FeaturesNotFinite&) {
      // The search leaves this candidate out and names it; another one checks the architecture.
    }
  }
  return distance;
}

double check_plan(const RowSettings& row, const RowZoo& row_zoo, const ZooSettings& settings,
                  const ZooCosts& costs, const ZooSearch& search, const ReportProgress& report) {
  const ZooToSearch& zoo = *row_zoo.zoo;
  double largest = 0;
  ZooSettings separate = settings;
  separate.budget = ZooBudget::all;
  separate.plan = ZooPlan::decode_once;
  separate.search.score = nullptr;
  std::unique_ptr<GpuDecoder> decoder;
  for (std::size_t i = 0; i < settings.devices.size(); ++i) {
    if (!search.devices[i].failure.empty()) continue;
    // The first may be lost.
    ExtractionSettings& extraction = separate.search.extraction;
    if (i > 0 && extraction.gpu_decoder != nullptr) {
      decoder = settings.make_decoder(DecodedItems::pixel_placement(settings.devices[i].placement));
      extraction.gpu_decoder = decoder.get();
    }
    extraction.placement = settings.devices[i].placement;
    break;
  }
  separate.devices.clear();
  ZooToSearch first{zoo.candidates, zoo.networks, {}, {}, {}};
  const std::size_t items = std::min(row.batch(), zoo.labels.size());
  for (const ZooGroup& group : zoo.groups) {
    std::vector<std::size_t> places(items);
    std::iota(places.begin(), places.end(), std::size_t{0});
    first.groups.push_back(
        {std::make_shared<const ChosenSource>(group.source, std::move(places)), group.members});
  }
  first.labels.assign(items, 0);
  const ZooSearch whole = search_zoo(first, separate, plans_of(first, separate, costs), {}, report);
  const Precision& own = find_precision(row.precision());
  const bool exact = !row.device().is_cuda() && !row_zoo.placement.fused;
  const double tolerance = exact ? 1e-5 : own.tolerance;
  for (const auto& [candidate, features] : whole.features) {
    const auto found = search.features.find(candidate);
    if (found == search.features.end()) continue;  // It has failed, which the label says.
    const double distance =
        distance_from_mean(found->second.narrow(0, 0, features.size(0)).cpu(), features.cpu());
    largest = std::max(largest, distance);
    if (distance <= tolerance) continue;
    throw std::runtime_error("the features of " + row_zoo.names.at(candidate) +
                             " differ from those of the whole network: relative distance " +
                             std::to_string(distance) + " (tolerance " + std::to_string(tolerance) +
                             ")");
  }
  return largest;
}

}  // namespace model_search
