// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "datasets/loading/host_clock.h"

namespace model_search {

/// What a thread waits for, or what it does while other threads wait for it, from the construction
/// to the destruction of this object: `const Wait wait("reading", path.native());`. All threads'
/// waits are in one list of the process. A watcher uses it to report where a run that makes no
/// progress is stuck. A wait costs about 100 ns: register it per batch or file, not per kernel.
/// Computing is not a wait of the thread that measures a row. Both texts must outlive the object.
class Wait {
 public:
  explicit Wait(std::string_view what, std::string_view object = {});
  ~Wait();
  Wait(const Wait&) = delete;
  Wait& operator=(const Wait&) = delete;

 private:
  friend struct WaitList;

  std::string_view what_;
  std::string_view object_;
  std::thread::id thread_;
  std::string_view role_;
  std::optional<std::size_t> number_;
  HostClock clock_;
  Wait* previous_ = nullptr;  // the neighbors in the list
  Wait* next_ = nullptr;
};

/// Names this thread in the list of waits: a role that outlives the thread and, where several
/// threads have it, a number. A thread without a name is "another thread".
void name_thread(std::string_view role, std::optional<std::size_t> number = std::nullopt);

/// Says that a batch, a file or a piece of work like them is done. Any thread may call it.
void note_progress();
/// When note_progress() was called last; the start of the process where it never was.
[[nodiscard]] std::chrono::steady_clock::time_point last_progress();

/// What a thread waits for at a moment.
struct ThreadWait {
  std::string role;                   ///< of the thread
  std::optional<std::size_t> number;  ///< of the thread
  std::string what;
  std::string object;
  double seconds = 0;  ///< so far
  std::thread::id thread{};
};

/// What each thread that has a wait waits for now: of nested waits the innermost. The longest wait
/// comes first.
[[nodiscard]] std::vector<ThreadWait> current_waits();

/// "main thread: waiting for the next batch of the loader (61 s); loader workers 0 to 3: reading
/// a.jpg and others (61 s)": threads of one role that do the same are named together.
[[nodiscard]] std::string describe(const std::vector<ThreadWait>& waits);

/// Simulates, for tests, a wait that never ends: every Wait from now on whose `what` contains
/// `part` blocks its thread for ever. `part` must outlive the process.
void simulate_endless_wait(const char* part);

}  // namespace model_search
