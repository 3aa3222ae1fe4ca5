// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

namespace model_search {

/// Copies bytes out of a mapping of a file. Returns false where the system cannot give them:
/// another process truncated the file during the copy, or the disk failed. The system reports that
/// with SIGBUS, whose handler is installed at the first copy and passes on what comes from
/// elsewhere. process_vm_readv() needs no handler, but copies at 7.5 GB/s where memcpy()
/// reaches 9.4 GB/s.
[[nodiscard]] bool guarded_copy(std::byte* to, std::span<const std::byte> from);

}  // namespace model_search
