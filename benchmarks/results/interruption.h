// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace model_search {

/// From now on the first SIGINT or SIGTERM is noted and said on stderr; the second one ends the
/// process as usual.
void watch_interruptions();

/// Whether there was one.
[[nodiscard]] bool interrupted();

}  // namespace model_search
