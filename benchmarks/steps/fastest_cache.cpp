// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/steps/fastest_cache.h"

#include <algorithm>
#include <exception>

#include "benchmarks/steps/row_settings.h"
#include "fixtures/searching/activation_shape.h"

namespace model_search {
namespace {

std::uint64_t bytes_needed(Session& session, const Combination& row) {
  const RowSettings settings(session, row);
  const Architecture& architecture = settings.architecture();
  const StageRange trunk = settings.configuration().trunk(architecture);
  const std::int64_t length =
      architecture.input == "text" ? row.number(axes().max_length) : std::int64_t{0};
  const ItemShape stored =
      stored_shape(activation_shape(architecture, trunk, length), settings.storage());
  std::size_t items = session.data.size(architecture.input);
  if (const auto wanted = static_cast<std::size_t>(session.options.items); wanted > 0) {
    items = std::min(items, wanted);
  }
  return items * bytes_of(held_shape(stored, settings.placement().format));
}

}  // namespace

CacheTier fastest_cache(Session& session, const Combination& row) {
  if (row.is(axes().page_cache, "cold")) return CacheTier::disk;
  std::uint64_t bytes = 0;
  try {
    bytes = bytes_needed(session, row);
  } catch (const std::exception&) {
    // The row says what is wrong.
  }
  return fastest_tier(bytes, session.memory.bounds({row.device}), row.on_gpu());
}

}  // namespace model_search
