// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/workers/store_address.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <stdexcept>

namespace model_search {
namespace {

/// The port that the system gave to a listening socket.
std::uint16_t port_of(const FileDescriptor& listening) {
  sockaddr_in place = {};
  socklen_t size = sizeof(place);
  (void)::getsockname(listening.get(), reinterpret_cast<sockaddr*>(&place), &size);
  return ntohs(place.sin_port);
}

/// A port that was free a moment ago.
std::uint16_t free_port() {
  const FileDescriptor any = listen_at({"127.0.0.1", 0});
  return port_of(any);
}

TEST(StoreAddress, IsAHostAndAPort) {
  EXPECT_EQ(parse_store_address("n1.cluster:29500").text(), "n1.cluster:29500");
  EXPECT_EQ(parse_store_address("[::1]:1").host, "::1");
  EXPECT_EQ(parse_store_address("[::1]:65535").text(), "[::1]:65535");
  for (const char* text :
       {"", "n1", "n1:", ":29500", "n1:0", "n1:65536", "n1:-1", "n1:2950x", "::1:29500", "[]:1"}) {
    try {
      (void)parse_store_address(text);
      ADD_FAILURE() << text;
    } catch (const std::invalid_argument& error) {
      EXPECT_TRUE(std::string(error.what())
                      .starts_with("--store=" + std::string(text) + ": must be HOST:PORT"))
          << error.what();
    }
  }
}

TEST(StoreAddress, OneListensAtAFreePortOfThisMachine) {
  const FileDescriptor listening = listen_at({"127.0.0.1", 0});
  ASSERT_TRUE(listening);
  const StoreAddress address{"127.0.0.1", port_of(listening)};
  EXPECT_NO_THROW(wait_until_reachable(address, 1));
  EXPECT_FALSE(listen_at(address));               // in use
  EXPECT_FALSE(listen_at({"192.0.2.1", 29500}));  // another machine's (RFC 5737)
  EXPECT_FALSE(listen_at({"no-such-host.invalid", 29500}));
}

TEST(StoreAddress, AnUnreachableStoreIsNamed) {
  for (const StoreAddress& address :
       {StoreAddress{"127.0.0.1", free_port()}, StoreAddress{"no-such-host.invalid", 29500}}) {
    try {
      wait_until_reachable(address, 0.01);
      ADD_FAILURE() << address.text();
    } catch (const std::runtime_error& error) {
      const std::string text = error.what();
      EXPECT_NE(text.find("--store=" + address.text() + ": no store answers there after 0.01 s"),
                std::string::npos)
          << text;
    }
  }
}

}  // namespace
}  // namespace model_search
