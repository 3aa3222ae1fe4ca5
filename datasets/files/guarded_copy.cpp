// SPDX-License-Identifier: Apache-2.0
#include "datasets/files/guarded_copy.h"

#include <atomic>
#include <csetjmp>
#include <csignal>
#include <cstring>
#include <mutex>

namespace model_search {
namespace {

/// Where this thread continues when its copy fails; nullptr while it does not copy.
thread_local sigjmp_buf* volatile place_to_continue = nullptr;

struct sigaction previous {};

void on_bus_error(int, siginfo_t*, void*) {
  if (place_to_continue != nullptr) siglongjmp(*place_to_continue, 1);
  // The access is made again when this returns, and then has the effect that it had before.
  ::sigaction(SIGBUS, &previous, nullptr);
}

/// The handler is left by a jump. Restoring the mask of signals there would take a system call for
/// every copy, so that only one that failed lets the signal through again.
void unblock() {
  sigset_t signals;
  ::sigemptyset(&signals);
  ::sigaddset(&signals, SIGBUS);
  ::pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
}

void install_handler() {
  struct sigaction action {};
  action.sa_sigaction = on_bus_error;
  action.sa_flags = SA_SIGINFO;
  ::sigemptyset(&action.sa_mask);
  ::sigaction(SIGBUS, &action, &previous);
}

}  // namespace

bool guarded_copy(std::byte* to, std::span<const std::byte> from) {
  if (from.empty()) return true;  // Both may be null then, which memcpy must not get.
  static std::once_flag installed;
  std::call_once(installed, install_handler);
  sigjmp_buf here;
  if (sigsetjmp(here, 0) != 0) {
    place_to_continue = nullptr;
    unblock();
    return false;
  }
  place_to_continue = &here;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  std::memcpy(to, from.data(), from.size());
  std::atomic_signal_fence(std::memory_order_seq_cst);
  place_to_continue = nullptr;
  return true;
}

}  // namespace model_search
