// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/grid/common_batch.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <stdexcept>

namespace model_search {
namespace {

constexpr double most_networks = 0.9;
/// A network and the largest batch that a search found for it.
struct Found {
  std::int64_t batch = 0;
  std::string network;
};

std::map<std::string, std::vector<Found>> by_device(const std::vector<Combination>& searches,
                                                    const LargestBatches& largest) {
  std::map<std::string, std::vector<Found>> devices;
  for (const Combination& search : searches) {
    const auto known = largest.find(search.name());
    if (known == largest.end()) continue;
    devices[search.device].push_back({known->second, search.subject + "/" + search.configuration});
  }
  for (auto& [device, found] : devices) {
    std::sort(found.begin(), found.end(),
              [](const Found& a, const Found& b) { return a.batch < b.batch; });
  }
  return devices;
}

std::vector<std::int64_t> batches_of(const std::vector<Found>& found) {
  std::vector<std::int64_t> batches;
  for (const Found& one : found) batches.push_back(one.batch);
  return batches;
}

}  // namespace

std::vector<Combination> batch_searches(const std::vector<Combination>& rows,
                                        const Options& options,
                                        const std::vector<const Axis*>& search_axes) {
  std::vector<Combination> searches;
  std::set<std::string> names;
  for (const Combination& row : rows) {
    if (row.configuration.empty() || row.batch == 0) continue;
    Combination search;
    search.step = Step::max_batch_size;
    search.subject = row.subject;
    search.configuration = row.configuration;
    search.device = row.device;
    for (const Axis* axis : search_axes) {
      if (const auto own = row.values.find(axis); own != row.values.end()) {
        search.values[axis] = own->second;
      }
    }
    const Values& limit = options.of(axes().memory_limit);
    if (!limit.empty()) search.values[&axes().memory_limit] = limit.front();
    // The rows that run with the result use the process's allocator, not one of --allocators.
    if (search.on_gpu()) search.values[&axes().allocator] = allocator_in_use();
    if (names.insert(search.name()).second) searches.push_back(std::move(search));
  }
  return searches;
}

std::int64_t common_batch(const std::vector<std::int64_t>& largest, double share) {
  if (largest.empty()) return 0;
  std::vector<std::int64_t> sorted = largest;
  std::sort(sorted.begin(), sorted.end());
  // The number of networks that may need a smaller batch. The addend absorbs rounding.
  const double spare = (1 - share) * static_cast<double>(sorted.size());
  return sorted[static_cast<std::size_t>(std::floor(spare + 1e-9))];
}

std::vector<Combination> with_common_batch(std::vector<Combination> rows,
                                           const std::vector<Combination>& searches,
                                           const LargestBatches& largest) {
  const auto devices = by_device(searches, largest);
  if (devices.empty()) {
    throw std::runtime_error(
        "--batch_sizes=common_max: no search found a batch that fits; see the reasons in the "
        "MaxBatchSize rows");
  }
  for (Combination& row : rows) {
    if (row.batch == 0) continue;
    const auto own = devices.find(row.device);
    const auto& found = own != devices.end() ? own->second : devices.begin()->second;
    row.batch = common_batch(batches_of(found), 1);
  }
  return rows;
}

std::string describe_common_batch(const std::vector<Combination>& searches,
                                  const LargestBatches& largest) {
  std::string text;
  for (const auto& [device, found] : by_device(searches, largest)) {
    const std::vector<std::int64_t> batches = batches_of(found);
    const auto searched = static_cast<std::size_t>(std::count_if(
        searches.begin(), searches.end(), [device = device](const Combination& search) {
          return search.step == Step::max_batch_size && search.device == device;
        }));
    const std::string failed =
        searched > found.size()
            ? " (for " + std::to_string(searched - found.size()) + " more, none was found)"
            : "";
    text += "Largest batch that fits all " + std::to_string(found.size()) + " networks on " +
            device + failed + ": " + std::to_string(common_batch(batches, 1)) +
            " (least: " + found.front().network +
            "); 90 % of them: " + std::to_string(common_batch(batches, most_networks)) + "\n";
  }
  return text;
}

}  // namespace model_search
