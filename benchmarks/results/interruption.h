// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace model_search {

/// Lets SIGINT and SIGTERM end the process at once, until watch_interruptions(). That is their
/// default, but the first process of a container would ignore them.
void end_on_signals();

/// Lets SIGINT and SIGTERM end the process at once with this exit code, until
/// watch_interruptions(), as a process should whose scheduler starts it again.
void exit_on_signals(int code);

/// Handles SIGINT and SIGTERM from now on: the first signal is remembered and reported on stderr;
/// one that follows more than a second later ends the process as usual.
void watch_interruptions();

/// Whether a signal has arrived.
[[nodiscard]] bool interrupted();

}  // namespace model_search
