// SPDX-License-Identifier: Apache-2.0
// The only file that includes c10d: its headers take long to compile.
#include "benchmarks/workers/tcp_keys.h"

#include <arpa/inet.h>
#include <c10/util/Logging.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <optional>
#include <thread>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>
#include <utility>

namespace model_search {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::chrono::seconds answer_limit(30);

Bytes bytes_of(const std::string& text) {
  return {text.begin(), text.end()};
}

std::string text_of_bytes(const Bytes& bytes) {
  return {bytes.begin(), bytes.end()};
}

std::string prefixed(const std::string& key) {
  return "model_search/" + key;
}

/// The address by which this process reaches what it listens at itself: a machine's own name may
/// lead elsewhere.
std::string reached_here(const FileDescriptor& listening) {
  sockaddr_storage place = {};
  socklen_t size = sizeof(place);
  (void)::getsockname(listening.get(), reinterpret_cast<sockaddr*>(&place), &size);
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (place.ss_family == AF_INET) {
    in_addr& address = reinterpret_cast<sockaddr_in&>(place).sin_addr;
    if (address.s_addr == htonl(INADDR_ANY)) address.s_addr = htonl(INADDR_LOOPBACK);
    (void)::inet_ntop(AF_INET, &address, text.data(), text.size());
  } else {
    in6_addr& address = reinterpret_cast<sockaddr_in6&>(place).sin6_addr;
    if (IN6_IS_ADDR_UNSPECIFIED(&address)) address = in6addr_loopback;
    (void)::inet_ntop(AF_INET6, &address, text.data(), text.size());
  }
  return text.data();
}

/// What its thread works on. The thread holds it too, so that a call without an answer can be left
/// behind: c10d waits for one without a limit.
struct Line {
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<std::packaged_task<void(std::optional<c10d::TCPStore>&)>> tasks;
  bool closed = false;
  bool ended = false;
};

void work(const std::shared_ptr<Line>& line) {
  std::optional<c10d::TCPStore> store;
  std::unique_lock lock(line->mutex);
  while (true) {
    line->changed.wait(lock, [&] { return line->closed || !line->tasks.empty(); });
    if (line->tasks.empty()) break;
    auto task = std::move(line->tasks.front());
    line->tasks.pop_front();
    lock.unlock();
    task(store);
    lock.lock();
    line->changed.notify_all();
  }
  lock.unlock();
  store.reset();
  lock.lock();
  line->ended = true;
  line->changed.notify_all();
}

class TcpKeys : public SharedKeys {
 public:
  TcpKeys(const StoreAddress& address, FileDescriptor listening)
      : name_("the store at " + address.text()), line_(std::make_shared<Line>()) {
    // c10d reports each failure in many lines of its own.
    FLAGS_caffe2_log_level = 3;
    std::thread([line = line_] { work(line); }).detach();
    c10d::TCPStoreOptions options;
    options.port = address.port;
    options.waitWorkers = false;
    options.timeout = answer_limit;
    if (listening) {
      options.isServer = true;
      options.masterListenFd = ::fcntl(listening.get(), F_DUPFD_CLOEXEC, 0);
    }
    const std::string host = listening ? reached_here(listening) : address.host;
    try {
      call([=](std::optional<c10d::TCPStore>& store) { store.emplace(host, options); });
    } catch (const StoreError&) {
      (void)close();
      throw;
    }
  }

  ~TcpKeys() override {
    std::unique_lock lock = close();
    line_->changed.wait_for(lock, std::chrono::seconds(2), [this] { return line_->ended; });
  }

  std::vector<std::string> read(const std::vector<std::string>& keys) override {
    std::vector<std::string> names;
    for (const std::string& key : keys) names.push_back(prefixed(key));
    auto values = std::make_shared<std::vector<Bytes>>();
    call([=](std::optional<c10d::TCPStore>& store) { *values = store->multiGet(names); });
    std::vector<std::string> texts;
    for (const Bytes& value : *values) texts.push_back(text_of_bytes(value));
    return texts;
  }

  std::string replace(const std::string& key, const std::string& expected,
                      const std::string& desired) override {
    auto value = std::make_shared<Bytes>();
    call([=](std::optional<c10d::TCPStore>& store) {
      *value = store->compareSet(prefixed(key), bytes_of(expected), bytes_of(desired));
    });
    return text_of_bytes(*value);
  }

  std::int64_t add(const std::string& key, std::int64_t number) override {
    auto sum = std::make_shared<std::int64_t>();
    call([=](std::optional<c10d::TCPStore>& store) { *sum = store->add(prefixed(key), number); });
    return *sum;
  }

  void give_up() override {
    const std::lock_guard lock(line_->mutex);
    note_failure("is given up");
  }

 private:
  /// Lets the thread end after its tasks.
  std::unique_lock<std::mutex> close() {
    std::unique_lock lock(line_->mutex);
    line_->closed = true;
    line_->changed.notify_all();
    return lock;
  }

  /// Runs `task` in the thread. What it uses it must own: it may still run after a StoreError.
  void call(std::function<void(std::optional<c10d::TCPStore>&)> task) {
    std::packaged_task<void(std::optional<c10d::TCPStore>&)> packaged(std::move(task));
    std::future<void> done = packaged.get_future();
    std::unique_lock lock(line_->mutex);
    if (!failure_.empty()) throw StoreError(failure_);
    line_->tasks.push_back(std::move(packaged));
    line_->changed.notify_all();
    const auto answered = [&] {
      return done.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
    };
    line_->changed.wait_for(lock, answer_limit, [&] { return answered() || !failure_.empty(); });
    if (!answered()) {
      note_failure("did not answer in " + std::to_string(answer_limit.count()) + " s");
      throw StoreError(failure_);
    }
    try {
      done.get();
    } catch (const std::exception& error) {
      const std::string text = error.what();
      note_failure("cannot be used: " + text.substr(0, text.find('\n')));
      throw StoreError(failure_);
    }
  }

  /// All waiting and later calls fail at once, for the first reason. The line's mutex is held.
  void note_failure(const std::string& why) {
    if (failure_.empty()) failure_ = name_ + " " + why;
    line_->changed.notify_all();
  }

  const std::string name_;
  const std::shared_ptr<Line> line_;
  std::string failure_;  ///< guarded by the line's mutex
};

}  // namespace

std::unique_ptr<SharedKeys> open_tcp_keys(const StoreAddress& address, FileDescriptor listening) {
  return std::make_unique<TcpKeys>(address, std::move(listening));
}

}  // namespace model_search
