// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/steps/search_counters.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <map>
#include <numeric>
#include <utility>

#include "benchmarks/steps/device_counters.h"

namespace model_search {
namespace {

/// The seconds of computing: of several devices their mean.
double inference_of(const ZooSearch& search) {
  return search.busy[pipeline_inference] /
         static_cast<double>(std::max<std::size_t>(1, search.devices.size()));
}

/// The step that worked longest within a search.
std::string limit_of(const ZooSearch& search) {
  const std::array<std::pair<double, Step>, 4> steps{
      {{inference_of(search), Step::inference},
       {search.busy[pipeline_load_data], Step::load_data},
       {search.busy_load_model, Step::load_model},
       {search.score, Step::score}}};
  const auto longest = std::ranges::max_element(steps, {}, &std::pair<double, Step>::first);
  return std::string(step_name(longest->second).counter);
}

void add_prediction(Row& row, const ZooSearch& search) {
  Prediction sum;
  std::uint64_t device_bytes = 0;
  std::size_t recomputed = 0;
  std::size_t segments = 0;
  // Groups run one after another; of the devices of a group the slowest counts.
  std::map<std::size_t, Prediction> groups;
  std::map<std::size_t, std::uint64_t> devices;
  for (const SearchPlan& plan : search.plans) {
    Prediction& group = groups[plan.group];
    group.load_data = std::max(group.load_data, plan.prediction.load_data);
    group.load_model = std::max(group.load_model, plan.prediction.load_model);
    group.inference = std::max(group.inference, plan.prediction.inference);
    group.score = std::max(group.score, plan.prediction.score);
    group.total = std::max(group.total, plan.prediction.total);
    devices[plan.device] += plan.device_bytes;
    device_bytes = std::max(device_bytes, devices[plan.device]);
    recomputed += plan.recomputed;
    segments += plan.tree.size();
  }
  for (const auto& [place, group] : groups) {
    sum.load_data += group.load_data;
    sum.load_model += group.load_model;
    sum.inference += group.inference;
    sum.score += group.score;
    sum.total += group.total;
  }
  auto& counters = row.counters;
  counters["segments"] = static_cast<double>(segments);
  counters["recomputed_segments"] = static_cast<double>(recomputed);
  counters["planned_device_bytes"] = static_cast<double>(device_bytes);
  counters["predicted_load_data"] = sum.load_data;
  counters["predicted_load_model"] = sum.load_model;
  counters["predicted_inference"] = sum.inference;
  counters["predicted_score"] = sum.score;
  counters["predicted_seconds"] = sum.total;
  counters["prediction_error"] = sum.total / search.seconds - 1;
}

}  // namespace

void add_search(Row& row, const RowZoo& zoo, const ZooSettings& settings, const ZooSearch& search,
                bool whole) {
  auto& counters = row.counters;
  const double items = static_cast<double>(zoo.zoo->labels.size());
  double separate_blocks = 0;
  double candidates = 0;
  for (const ZooGroup& group : zoo.zoo->groups) {
    for (const std::size_t member : group.members) {
      ++candidates;
      separate_blocks +=
          items * static_cast<double>(zoo.zoo->networks[member]->architecture.blocks);
    }
  }
  counters["candidates"] = candidates;
  counters["failed_candidates"] = static_cast<double>(zoo.failures.size() + search.failures.size());
  counters["items"] = items;
  counters["seconds_per_candidate"] = search.seconds / candidates;
  counters["extract_seconds"] = search.extract;
  counters["score"] = search.score;
  counters["other"] = search.seconds - search.extract - search.score;
  counters["busy_load_data"] = search.busy[pipeline_load_data];
  counters["busy_load_model"] = search.busy_load_model;
  counters["busy_inference"] = inference_of(search);
  counters["wait_inference"] = std::max(0.0, search.extract - inference_of(search));
  counters["item_blocks"] = search.item_blocks;
  if (whole) counters["blocks_saved"] = separate_blocks / search.item_blocks;
  counters["bytes_read"] = static_cast<double>(search.load.bytes);
  counters["peak_waiting_bytes"] = static_cast<double>(search.peak_waiting_bytes);
  counters["peak_network_bytes"] = static_cast<double>(search.peak_network_bytes);
  counters["halving_rounds"] = static_cast<double>(search.rounds.size());
  for (std::size_t i = 0; settings.budget == ZooBudget::halving && i < search.rounds.size(); ++i) {
    const std::string ending = "_round" + std::to_string(i + 1);
    counters["candidates" + ending] = static_cast<double>(search.rounds[i].candidates);
    counters["items" + ending] = static_cast<double>(search.rounds[i].items);
    counters["seconds" + ending] = search.rounds[i].seconds;
  }
  if (!search.plans.empty() && settings.budget == ZooBudget::all && whole) {
    add_prediction(row, search);
  }
  row.label = "limit=" + limit_of(search);
  if (!search.plans.empty()) {
    row.label += " keeping=" + std::string(name_of(search.plans.front().keeping));
  }
  if (!search.devices.empty()) {
    counters["moved_subtrees"] = static_cast<double>(search.moved_subtrees);
    add_devices(row, search.devices, search.extract);
  }
  std::string names;
  for (std::size_t i = 0; i < search.ranking.size(); ++i) {
    const std::size_t candidate = search.ranking[i];
    names += (i == 0 ? "" : ",") + zoo.names.at(candidate);
    const auto score = search.scores.find(candidate);
    if (score == search.scores.end()) continue;
    const std::string place = std::to_string(i);
    const auto add = [&](const char* name, double value) {
      if (std::isfinite(value)) counters[name + place] = value;
    };
    add("score_value", score->second.value);
    add("accuracy", score->second.accuracy);
    add("loss", score->second.loss);
  }
  if (!names.empty()) row.label += " ranking=" + names;
  std::string failed;
  for (const auto& failures : {zoo.failures, search.failures}) {
    for (const auto& [candidate, reason] : failures) {
      failed += (failed.empty() ? " failed=" : ",") + zoo.names.at(candidate);
    }
  }
  row.label += failed;
}

void add_parts_alone(Row& row, const ZooSearch& search, const PartsAlone& parts) {
  auto& counters = row.counters;
  counters["alone_load_data"] = parts.load_data;
  counters["alone_load_model"] = parts.load_model;
  if (parts.inference == 0) return;
  counters["alone_inference"] = parts.inference;
  counters["elapsed_over_slowest_alone"] = search.extract / parts.slowest;
}

void add_first_seconds_of_zoo(Row& row, const ZooWarmUp& warm, double hash_seconds) {
  auto& counters = row.counters;
  counters["first_load_model_seconds"] = warm.load_model;
  counters["first_load_data_seconds"] = warm.load_data;
  counters["first_inference_seconds"] = warm.inference;
  counters["first_score_seconds"] = warm.score;
  counters["first_hash_seconds"] = hash_seconds;
  if (warm.devices > 0) counters["first_devices_seconds"] = warm.devices;
}

std::string describe(const ZooProgress& progress, const std::string& name) {
  std::string text;
  if (progress.rounds > 1) {
    text +=
        "round " + std::to_string(progress.round) + " of " + std::to_string(progress.rounds) + ", ";
  }
  text += std::to_string(progress.candidates) +
          (progress.candidates == 1 ? " candidate, " : " candidates, ") +
          std::to_string(std::lround(100 * progress.done)) + " %";
  if (progress.share > 0) {
    const double left = progress.seconds / progress.share - progress.seconds;
    text += ", about " + std::to_string(std::lround(left)) + " s left";
  }
  return text + ": " + name;
}

std::vector<Counter> search_counters() {
  return {
      {"candidates", "candidates", "", "Search: candidates that take part"},
      {"failed_candidates", "candidates", "lower",
       "Search: candidates that were left out; the label names them"},
      {"seconds_per_candidate", "s", "lower", "Search: its seconds over its candidates"},
      {"busy_load_model", "s", "", "Search: seconds in which a network was being loaded"},
      {"item_blocks", "blocks", "lower", "Search: items times blocks that were computed"},
      {"blocks_saved", "ratio", "higher",
       "Search: items times blocks of all candidates over those that were computed"},
      {"bytes_read", "bytes", "lower", "Search: bytes of tensors that were read from checkpoints"},
      {"peak_waiting_bytes", "bytes", "lower",
       "Search: most bytes of decoded items and activations that waited"},
      {"peak_network_bytes", "bytes", "lower", "Search: most bytes of networks on the device"},
      {"halving_rounds", "rounds", "", "Search: rounds of budget=halving; 1 with budget=all"},
      {"candidates_round<n>", "candidates", "", "budget=halving: candidates in round n"},
      {"items_round<n>", "items", "", "budget=halving: items that they had seen after round n"},
      {"seconds_round<n>", "s", "lower", "budget=halving: seconds of round n"},
      {"segments", "segments", "", "Search: segments of its plan"},
      {"recomputed_segments", "segments", "lower",
       "Search: segments whose activations were not kept but computed again"},
      {"planned_device_bytes", "bytes", "lower",
       "Search: bytes that the plan keeps on the device; of several, on the one that has most"},
      {"predicted_load_data", "s", "", "Search: predicted seconds of decoding all items"},
      {"predicted_load_model", "s", "", "Search: predicted seconds of loading all segments"},
      {"predicted_inference", "s", "", "Search: predicted seconds of computing all segments"},
      {"predicted_score", "s", "", "Search: predicted seconds of the scores"},
      {"predicted_seconds", "s", "",
       "Search: the prediction: the longest of the parts with what it waits for, and the scores"},
      {"prediction_error", "ratio", "", "Search: predicted_seconds over its seconds, less 1"},
      {"alone_load_model", "s", "lower",
       "Search: seconds of loading all segments without the other steps, measured after the row"},
      {"plan_distance", "ratio", "lower",
       "Search: largest distance of an item's features from those of the whole network, relative "
       "to "
       "its distance from the mean item"},
      {"known_features", "candidates", "",
       "Search: candidates of which an earlier run had kept features"},
      {"moved_subtrees", "subtrees", "",
       "Search on several devices: subtrees that one took over from another"},
      {"regret", "score", "lower",
       "budget=halving: score_value of the best candidate on all items less that of the choice"},
      {"regret_loss", "nats", "lower",
       "budget=halving: loss of the choice on all items less that of the best candidate"},
      {"score_value<n>", "score", "higher",
       "Search: score_value of place n of the ranking, from 0"},
      {"accuracy<n>", "share", "higher", "Search: accuracy of place n of the ranking, from 0"},
      {"loss<n>", "nats", "lower", "Search: loss of place n of the ranking, from 0"},
      {"first_devices_seconds", "s", "",
       "Search on a set of devices: seconds in which all of them ran before the search, as it "
       "does"},
      {"first_hash_seconds", "s", "",
       "Search: seconds in which the run checked and hashed checkpoints, once per process"},
  };
}

}  // namespace model_search
