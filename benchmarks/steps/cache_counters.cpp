// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/steps/cache_counters.h"

namespace model_search {
namespace {

double bytes_of_all(const CachedActivations& cached) {
  return static_cast<double>(cached.source->size() * bytes_of(cached.source->shape()));
}

}  // namespace

void add_cache(Row& row, const CachedActivations& cached, CacheTier tier) {
  if (!cached.source) return;
  auto& counters = row.counters;
  counters["build_cache"] = cached.build_seconds;
  counters["cached_bytes_per_item"] = static_cast<double>(bytes_of(cached.source->shape()));
  counters["cached_bytes"] = bytes_of_all(cached);
  if (tier == CacheTier::disk) counters["cache_reads_direct"] = cached.direct ? 1 : 0;
}

void add_cache_rate(Row& row, const CachedActivations& cached, CacheTier tier, double times,
                    double seconds) {
  if (!cached.source || tier != CacheTier::disk) return;
  row.counters["cache_read_bytes_per_second"] = times * bytes_of_all(cached) / seconds;
}

std::vector<Counter> cache_counters() {
  return {
      {"build_cache", "s", "lower",
       "EndToEnd: seconds of computing the activations that a tail reads, with the row's settings, "
       "into memory, or with cache=disk to the disk"},
      {"cached_bytes_per_item", "bytes/item", "lower",
       "EndToEnd: bytes of an item's cached activations"},
      {"cached_bytes", "bytes", "", "EndToEnd: bytes of the cached activations of all items"},
      {"cache_read_bytes_per_second", "bytes/s", "higher",
       "cache=disk: bytes of activations over the seconds in which the loader read them; joint "
       "configurations: while their heads were searched as tails"},
      {"cache_reads_direct", "flag", "",
       "cache=disk: 1 where reads bypass the page cache, 0 where they go through it"},
  };
}

}  // namespace model_search
