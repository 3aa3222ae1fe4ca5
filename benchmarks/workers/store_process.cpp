// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/workers/store_process.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

#include "benchmarks/workers/presence.h"
#include "benchmarks/workers/tcp_keys.h"

namespace model_search {
namespace {

constexpr std::string_view mark = "--serve_store";

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

void start_store(const StoreAddress& address, FileDescriptor listening, double silence) {
  std::array<std::string, 5> words{"model_search_bench", std::string(mark), address.text(),
                                   std::to_string(listening.get()), std::to_string(silence)};
  std::array<char*, 6> arguments{};
  for (std::size_t i = 0; i < words.size(); ++i) arguments.at(i) = words.at(i).data();
  std::fflush(nullptr);
  const pid_t process = ::fork();
  if (process < 0) {
    throw std::system_error(errno, std::generic_category(), "cannot start a process for the store");
  }
  if (process > 0) return;
  // The store must not hold this process' pipes open, and must survive signals to the whole job,
  // after which workers still need it.
  (void)::setsid();
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) (void)std::signal(signal, SIG_IGN);
  const int nowhere = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    (void)::dup2(nowhere, stream);
  }
  (void)::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
  (void)::fcntl(listening.get(), F_SETFD, 0);
  ::execv("/proc/self/exe", arguments.data());
  ::_exit(1);
}

bool is_store_process(int argc, char** argv) {
  return argc == 5 && argv[1] == mark;
}

int serve_store(int /*argc*/, char** argv) {
  const StoreAddress address = parse_store_address(argv[2]);
  const std::unique_ptr<SharedKeys> keys =
      open_tcp_keys(address, FileDescriptor(std::stoi(argv[3])));
  Presence workers(*keys, std::stod(argv[4]), seconds_now);
  const double begin = seconds_now();
  while (true) {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    const bool begun = workers.joined() > 0;
    if (begun && workers.others() == 0) return 0;
    if (!begun && seconds_now() - begin > workers.silence()) return 0;
  }
}

}  // namespace model_search
