// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/results/progress.h"

#include <unistd.h>

#include <cstdio>

namespace model_search {
namespace {

std::string minutes(double seconds) {
  char text[32];
  std::snprintf(text, sizeof(text), "%d:%02d", static_cast<int>(seconds) / 60,
                static_cast<int>(seconds) % 60);
  return text;
}

}  // namespace

Progress::Progress() : terminal_(::isatty(STDERR_FILENO) == 1) {}

void Progress::begin(const std::string& name) {
  if (!seen_.insert(name).second || !terminal_) return;
  const std::size_t done = seen_.size() - 1;
  std::string expected = "?";
  if (done > 0) {
    expected = minutes(clock_.seconds() / static_cast<double>(done) *
                       static_cast<double>(all_ > done ? all_ - done : 0));
  }
  std::fprintf(stderr, "\r\033[K[%zu/%zu] %s elapsed, %s expected: %s", done + 1, all_,
               minutes(clock_.seconds()).c_str(), expected.c_str(), name.c_str());
  std::fflush(stderr);
}

void Progress::clear() const {
  if (terminal_) std::fprintf(stderr, "\r\033[K");
}

}  // namespace model_search
