// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/workers/store_address.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <thread>

#include "datasets/text/printable.h"

namespace model_search {
namespace {

using Addresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

/// The addresses of a host; nothing where it is not known, with the reason.
Addresses addresses_of(const StoreAddress& address, std::string& why) {
  addrinfo hints = {};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error =
      ::getaddrinfo(address.host.c_str(), std::to_string(address.port).c_str(), &hints, &found);
  if (error != 0) why = ::gai_strerror(error);
  return {error == 0 ? found : nullptr, &::freeaddrinfo};
}

FileDescriptor socket_for(const addrinfo& address) {
  return FileDescriptor(::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

/// Whether a socket of this machine can have the address, with any port.
bool is_own(const addrinfo& address) {
  const FileDescriptor probe = socket_for(address);
  sockaddr_storage any_port = {};
  std::memcpy(&any_port, address.ai_addr, address.ai_addrlen);
  if (address.ai_family == AF_INET) {
    reinterpret_cast<sockaddr_in&>(any_port).sin_port = 0;
  } else if (address.ai_family == AF_INET6) {
    reinterpret_cast<sockaddr_in6&>(any_port).sin6_port = 0;
  } else {
    return false;
  }
  return probe &&
         ::bind(probe.get(), reinterpret_cast<const sockaddr*>(&any_port), address.ai_addrlen) == 0;
}

bool is_loopback(const std::string& host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

/// The address of all interfaces in the place of one.
void widen(sockaddr_storage& address) {
  if (address.ss_family == AF_INET) {
    reinterpret_cast<sockaddr_in&>(address).sin_addr.s_addr = htonl(INADDR_ANY);
  } else {
    reinterpret_cast<sockaddr_in6&>(address).sin6_addr = in6addr_any;
  }
}

/// Connects within a second. Returns errno's value; 0 where something listens.
int try_to_connect(const addrinfo& address) {
  FileDescriptor connection(
      ::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!connection) return errno;
  if (::connect(connection.get(), address.ai_addr, address.ai_addrlen) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  pollfd ready{connection.get(), POLLOUT, 0};
  if (::poll(&ready, 1, 1000) <= 0) return ETIMEDOUT;
  int error = 0;
  socklen_t size = sizeof(error);
  (void)::getsockopt(connection.get(), SOL_SOCKET, SO_ERROR, &error, &size);
  return error;
}

}  // namespace

std::string StoreAddress::text() const {
  const bool brackets = host.find(':') != std::string::npos;
  return (brackets ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

StoreAddress parse_store_address(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  StoreAddress address;
  bool good = colon != std::string::npos && colon > 0;
  if (good) {
    const std::string_view port = std::string_view(text).substr(colon + 1);
    const auto read = std::from_chars(port.data(), port.data() + port.size(), address.port);
    good = read.ec == std::errc() && read.ptr == port.data() + port.size() && address.port > 0;
    address.host = text.substr(0, colon);
  }
  if (good && address.host.front() == '[' && address.host.back() == ']') {
    address.host = address.host.substr(1, address.host.size() - 2);
  } else if (good && address.host.find(':') != std::string::npos) {
    good = false;
  }
  if (!good || address.host.empty()) {
    throw std::invalid_argument("--store=" + printable(text) +
                                ": must be HOST:PORT with a port from 1 to 65535, such as "
                                "n1:29500 or [::1]:29500");
  }
  return address;
}

FileDescriptor listen_at(const StoreAddress& address) {
  std::string why;
  const Addresses addresses = addresses_of(address, why);
  for (const addrinfo* each = addresses.get(); each != nullptr; each = each->ai_next) {
    if (!is_own(*each)) continue;
    FileDescriptor listening = socket_for(*each);
    sockaddr_storage place = {};
    std::memcpy(&place, each->ai_addr, each->ai_addrlen);
    if (!is_loopback(address.host)) widen(place);
    // A port whose last connections have just ended is free.
    const int on = 1;
    (void)::setsockopt(listening.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (::bind(listening.get(), reinterpret_cast<const sockaddr*>(&place), each->ai_addrlen) == 0 &&
        ::listen(listening.get(), SOMAXCONN) == 0) {
      return listening;
    }
    if (errno == EADDRINUSE) return FileDescriptor();
    throw std::runtime_error("--store=" + address.text() +
                             ": cannot listen there: " + std::generic_category().message(errno));
  }
  return FileDescriptor();
}

void wait_until_reachable(const StoreAddress& address, double seconds) {
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + std::chrono::duration<double>(seconds);
  bool said = false;
  while (true) {
    std::string why;
    const Addresses addresses = addresses_of(address, why);
    for (const addrinfo* each = addresses.get(); each != nullptr; each = each->ai_next) {
      const int error = try_to_connect(*each);
      if (error == 0) return;
      why = std::generic_category().message(error);
    }
    if (Clock::now() >= end) {
      char limit[32];
      (void)std::snprintf(limit, sizeof(limit), "%g", seconds);
      throw std::runtime_error(
          "--store=" + address.text() + ": no store answers there after " + limit +
          " s (--store_wait): " + why +
          "; rank 0 starts the store, on the machine that HOST names; without ranks, the first "
          "process there does");
    }
    if (!said) note("Waiting for the store at " + address.text() + ": " + why);
    said = true;
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
}

}  // namespace model_search
