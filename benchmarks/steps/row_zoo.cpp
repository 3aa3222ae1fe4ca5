// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/steps/row_zoo.h"

#include <stdexcept>
#include <utility>

#include "benchmarks/grid/product.h"
#include "fixtures/searching/activations.h"
#include "fixtures/searching/chosen_source.h"
#include "fixtures/searching/scores/score_table.h"
#include "fixtures/searching/source_classifier.h"
#include "fixtures/searching/zoo_search/search_order.h"

namespace model_search {

RowSettings settings_of(const RowSettings& row, const std::string& candidate) {
  Combination own = row.combination();
  own.subject = candidate;
  own.configuration = "full";
  return {row.session(), std::move(own)};
}

RowZoo zoo_of(const RowSettings& row) {
  Session& session = row.session();
  RowZoo result;
  result.names = candidates_of(row.combination(), row.options());
  std::vector<const Candidate*> found(result.names.size(), nullptr);
  std::vector<const Candidate*> known;
  for (std::size_t i = 0; i < found.size(); ++i) {
    try {
      found[i] = &settings_of(row, result.names[i]).candidate();
      known.push_back(found[i]);
    } catch (const std::exception& error) {
      result.failures[i] = error.what();
    }
  }
  session.candidates.open_checkpoints(known);
  result.zoo = std::make_unique<ZooToSearch>(ZooToSearch{session.candidates, {}, {}, {}, {}});
  ZooToSearch& zoo = *result.zoo;
  zoo.networks.resize(found.size(), nullptr);
  const Score& score = find_score(row.combination().word(axes().probe));
  std::map<std::string, std::size_t> groups;
  const auto items = static_cast<std::size_t>(row.options().items);
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (found[i] == nullptr) continue;
    try {
      (void)session.candidates.checkpoint(*found[i]);
      // Not extracted for nothing.
      if (score.needs.source_probabilities) {
        (void)source_classifier(session.candidates, *found[i], score, result.names[i]);
      }
      const RowSettings own = settings_of(row, result.names[i]);
      InputSettings input = own.input();
      // Pixels have a quarter of the bytes, and the GPU normalizes them.
      if (input.kind == "images" && row.device().is_cuda()) input.element = Element::uint8;
      const auto [place, is_new] = groups.try_emplace(DataSets::identity(input), zoo.groups.size());
      if (is_new) {
        const std::shared_ptr<const ItemSource> source = input_items(session, input, items);
        if (zoo.labels.empty()) {
          zoo.labels = labels_of(*source);
          zoo.order = search_order(zoo.labels, row.options().seed);
        }
        zoo.groups.push_back({std::make_shared<const ChosenSource>(source, zoo.order), {}});
        result.inputs.push_back(input);
        result.placement = own.placement();
      }
      zoo.groups[place->second].members.push_back(i);
      zoo.networks[i] = found[i];
    } catch (const DamagedFile&) {
      throw;  // Of the data set, which all candidates read.
    } catch (const std::exception& error) {
      result.failures[i] = error.what();
    }
  }
  if (zoo.groups.empty()) {
    throw std::runtime_error(
        "no candidate of the zoo can be searched" +
        (result.failures.empty() ? std::string() : ": " + result.failures.begin()->second));
  }
  return result;
}

}  // namespace model_search
