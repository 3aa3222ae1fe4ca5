// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "benchmarks/workers/shared_keys.h"
#include "benchmarks/workers/store_address.h"
#include "datasets/files/file_descriptor.h"

namespace model_search {

/// Connects to the c10d TCPStore (PyTorch's, https://docs.pytorch.org/docs/stable/distributed.html)
/// at the address. Where `listening` is a socket, this process serves the store there, until the
/// result is destroyed. The keys have a prefix of the program's, so that the store may be
/// torchrun's own. Throws StoreError where what listens there is not such a store, and later where
/// a call is not answered in 30 s.
[[nodiscard]] std::unique_ptr<SharedKeys> open_tcp_keys(const StoreAddress& address,
                                                        FileDescriptor listening);

}  // namespace model_search
