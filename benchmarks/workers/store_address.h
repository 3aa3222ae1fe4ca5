// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "datasets/files/file_descriptor.h"

namespace model_search {

/// Where the store of a run listens: `--store=HOST:PORT`.
struct StoreAddress {
  std::string host;
  std::uint16_t port = 0;

  /// "n1:29500", as the flag takes it; an IPv6 address in brackets.
  [[nodiscard]] std::string text() const;
};

/// Throws std::invalid_argument that names the flag, the value and what is wrong.
[[nodiscard]] StoreAddress parse_store_address(const std::string& text);

/// Listens at the address where it is one of this machine's and nobody listens there yet; on all of
/// the machine's interfaces unless the host is `localhost` or a loopback address. Returns no socket
/// where the address is another machine's, is unknown here, or is in use. Throws
/// std::runtime_error that names the flag where the system forbids it (a port below 1024).
[[nodiscard]] FileDescriptor listen_at(const StoreAddress& address);

/// Waits until something accepts connections at the address. Throws std::runtime_error that names
/// the flag and the reason after `seconds`, and says once on stderr that it waits.
void wait_until_reachable(const StoreAddress& address, double seconds);

}  // namespace model_search
