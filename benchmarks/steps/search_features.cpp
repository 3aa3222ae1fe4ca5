// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/steps/search_features.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "datasets/text/printable.h"
#include "fixtures/searching/feature_file.h"

namespace model_search {
namespace {

constexpr const char* configuration = "full";

/// What the features of a candidate follow from, besides the items.
std::map<std::string, std::string> facts_of(const RowSettings& row, const Candidate& candidate) {
  const RowSettings own = settings_of(row, candidate.name());
  const InputSettings input = own.input();
  // Rows of other plans do not go on from this one's features: their seconds would mean nothing.
  return {{"row", row.combination().name()},
          {"weights", row.session().candidates.describe_weights(candidate)},
          {"head", candidate.name()},
          {"data", row.session().data.folder(input.kind).identity()},
          {"input", DataSets::identity(input)},
          {"settings", own.combination().identity(affects_features | affects_memory)},
          {"split", row.options().split}};
}

/// The names of the items in the order of the search.
std::vector<std::string> ordered_names(const RowSettings& row, const RowZoo& zoo) {
  const std::vector<std::string> names =
      row.session().data.item_names(row.combination().input, zoo.zoo->labels.size());
  std::vector<std::string> ordered;
  for (const std::size_t place : zoo.zoo->order) ordered.push_back(names.at(place));
  return ordered;
}

}  // namespace

void write_features(const RowSettings& row, const RowZoo& zoo, const ZooSearch& search) {
  const std::filesystem::path& folder = row.options().features_dir;
  if (folder.empty()) return;
  const std::vector<std::string> names = ordered_names(row, zoo);
  for (const auto& [place, features] : search.features) {
    const auto count = static_cast<std::size_t>(features.size(0));
    std::vector<std::int64_t> labels;
    for (std::size_t i = 0; i < count; ++i) {
      labels.push_back(zoo.zoo->labels.at(zoo.zoo->order[i]));
    }
    write_feature_file(folder, zoo.names.at(place), configuration, features, labels,
                       {names.begin(), names.begin() + static_cast<std::ptrdiff_t>(count)},
                       facts_of(row, *zoo.zoo->networks.at(place)));
  }
}

FeaturesOf known_features(const RowSettings& row, const RowZoo& zoo) {
  FeaturesOf known;
  const std::filesystem::path& folder = row.options().features_dir;
  if (folder.empty() || !row.options().resume) return known;
  const std::vector<std::string> names = ordered_names(row, zoo);
  for (const ZooGroup& group : zoo.zoo->groups) {
    for (const std::size_t member : group.members) {
      const std::string& name = zoo.names.at(member);
      std::optional<FeatureFile> file;
      try {
        file = read_feature_file(folder, name, configuration);
      } catch (const std::runtime_error& error) {
        note(std::string(error.what()) + "; its features are computed again");
      }
      if (!file || file->items.size() > names.size()) continue;
      std::map<std::string, std::string> facts = facts_of(row, *zoo.zoo->networks.at(member));
      const bool same = std::ranges::all_of(facts, [&](const auto& fact) {
        const auto own = file->facts.find(fact.first);
        return own != file->facts.end() && own->second == fact.second;
      });
      if (!same || !std::equal(file->items.begin(), file->items.end(), names.begin())) continue;
      // Whole batches, unless they are all items: the others are computed again.
      auto count = static_cast<std::int64_t>(file->items.size());
      if (file->items.size() < names.size())
        count -= count % static_cast<std::int64_t>(row.batch());
      if (count > 0) known[member] = file->features.narrow(0, 0, count);
    }
  }
  return known;
}

}  // namespace model_search
