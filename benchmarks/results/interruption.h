// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace model_search {

/// Handles SIGINT and SIGTERM from now on: the first signal is remembered and reported on stderr;
/// one that follows more than a second later ends the process as usual.
void watch_interruptions();

/// Whether a signal has arrived.
[[nodiscard]] bool interrupted();

}  // namespace model_search
