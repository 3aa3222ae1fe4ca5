// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "benchmarks/steps/row_zoo.h"

namespace model_search {

/// Writes the features that each candidate has to `--features_dir`, where the flag is given: as
/// EndToEnd's of `full`, in the order of the search, also where they are of a part of the items.
void write_features(const RowSettings& row, const RowZoo& zoo, const ZooSearch& search);

/// With --resume: the features in `--features_dir` of candidates with the same weights, on the same
/// data and with the same settings, of the first items of the search's order.
[[nodiscard]] FeaturesOf known_features(const RowSettings& row, const RowZoo& zoo);

}  // namespace model_search
