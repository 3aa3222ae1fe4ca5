// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/results/interruption.h"

#include <unistd.h>

#include <csignal>
#include <ctime>

namespace model_search {
namespace {

volatile std::sig_atomic_t noted = 0;
volatile long first_at = 0;  // ms
volatile std::sig_atomic_t early_code = 0;

long milliseconds_now() {
  timespec now = {};
  (void)::clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000 + now.tv_nsec / 1'000'000;
}

/// Ends the process as the signal does by default.
extern "C" void end(int signal) {
  sigset_t signals;
  (void)sigemptyset(&signals);
  (void)sigaddset(&signals, signal);
  (void)std::signal(signal, SIG_DFL);
  (void)::pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
  (void)std::raise(signal);
  // The first process of a container ignores its own signals: it exits as a shell reports them.
  ::_exit(128 + signal);
}

extern "C" void note_signal(int signal) {
  if (noted != 0) {
    // timeout(1) signals a process and its group, and --processes passes a signal on: the second
    // one that arrives with the first asks for nothing more.
    if (milliseconds_now() - first_at < 1000) return;
    end(signal);
  }
  first_at = milliseconds_now();
  noted = 1;
  constexpr char text[] =
      "\nThe run ends after the current row, within 10 seconds; press Ctrl-C again to stop at "
      "once.\n";
  // A signal handler may not do more, and nothing can be done where this fails.
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text, sizeof(text) - 1);
}

extern "C" void exit_early(int /*signal*/) {
  ::_exit(early_code);
}

void handle(void (*handler)(int)) {
  struct sigaction action = {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  (void)::sigaction(SIGINT, &action, nullptr);
  (void)::sigaction(SIGTERM, &action, nullptr);
}

}  // namespace

void end_on_signals() {
  handle(end);
}

void exit_on_signals(int code) {
  early_code = code;
  handle(exit_early);
}

void watch_interruptions() {
  handle(note_signal);
}

bool interrupted() {
  return noted != 0;
}

}  // namespace model_search
