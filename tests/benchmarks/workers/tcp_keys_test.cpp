// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/workers/tcp_keys.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <chrono>
#include <future>
#include <string>
#include <thread>

#include "tests/datasets/error_message.h"

namespace model_search {
namespace {

TEST(TcpKeys, ACallThatWaitsEndsWhereTheStoreIsGivenUp) {
  FileDescriptor listening = listen_at({"127.0.0.1", 0});
  sockaddr_in place = {};
  socklen_t size = sizeof(place);
  (void)::getsockname(listening.get(), reinterpret_cast<sockaddr*>(&place), &size);
  const StoreAddress address{"127.0.0.1", ntohs(place.sin_port)};
  auto server = open_tcp_keys(address, std::move(listening));
  const auto client = open_tcp_keys(address, FileDescriptor());
  EXPECT_EQ(client->add("number", 3), 3);
  // c10d waits for the key, as long as for an answer.
  auto waiting = std::async(std::launch::async, [&] {
    return message_of<StoreError>([&] { (void)client->read({"missing"}); });
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  client->give_up();
  EXPECT_EQ(waiting.get(), "the store at " + address.text() + " is given up");
  EXPECT_THROW(client->add("number", 1), StoreError);
  server.reset();  // Ends the call in c10d, too.
}

}  // namespace
}  // namespace model_search
