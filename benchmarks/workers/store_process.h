// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "benchmarks/workers/store_address.h"
#include "datasets/files/file_descriptor.h"

namespace model_search {

/// Starts a process that serves the store of a run at `address`, where `listening` listens. It
/// outlives this process, which may have to replace itself after a failure, and ends on its own
/// when no worker lives any more (Presence, with `silence` seconds). Throws std::system_error.
void start_store(const StoreAddress& address, FileDescriptor listening, double silence);

/// Whether this process is one that start_store() started, with these arguments.
[[nodiscard]] bool is_store_process(int argc, char** argv);
/// What such a process does. Returns its exit code.
[[nodiscard]] int serve_store(int argc, char** argv);

}  // namespace model_search
