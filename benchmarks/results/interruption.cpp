// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/results/interruption.h"

#include <unistd.h>

#include <csignal>

namespace model_search {
namespace {

volatile std::sig_atomic_t noted = 0;

extern "C" void note(int) {
  noted = 1;
  constexpr char text[] =
      "\nThe run ends after the current row, within 10 seconds; press Ctrl-C again to stop at "
      "once.\n";
  // A signal handler may not do more, and nothing can be done where this fails.
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text, sizeof(text) - 1);
}

}  // namespace

void watch_interruptions() {
  struct sigaction action = {};
  action.sa_handler = note;
  action.sa_flags = static_cast<int>(SA_RESETHAND) | SA_RESTART;
  (void)::sigaction(SIGINT, &action, nullptr);
  (void)::sigaction(SIGTERM, &action, nullptr);
}

bool interrupted() {
  return noted != 0;
}

}  // namespace model_search
