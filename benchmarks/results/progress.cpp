// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/results/progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "datasets/text/printable.h"

namespace model_search {
namespace {

std::string minutes(double seconds) {
  char text[32];
  std::snprintf(text, sizeof(text), "%d:%02d", static_cast<int>(seconds) / 60,
                static_cast<int>(seconds) % 60);
  return text;
}

std::size_t terminal_width() {
  winsize size{};
  const bool known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : 80;
}

}  // namespace

bool LogTimes::due(double seconds) {
  if (seconds < next_) return false;
  wait_ = std::min(2 * wait_, 60.0);
  next_ = seconds + wait_;
  return true;
}

Progress::Progress() : terminal_(::isatty(STDERR_FILENO) == 1) {}

void Progress::begin(const std::string& name) {
  if (!seen_.insert(name).second) return;
  times_ = {};
  row_ = {};
  if (!terminal_) return;
  const std::size_t done = seen_.size() - 1;
  std::string expected = "?";
  if (done > 0) {
    expected = minutes(clock_.seconds() / static_cast<double>(done) *
                       static_cast<double>(all_ > done ? all_ - done : 0));
  }
  show(minutes(clock_.seconds()) + " elapsed, " + expected + " expected: " + name);
}

void Progress::go_on(const std::string& state) {
  if (terminal_) {
    show(state);
  } else if (times_.due(row_.seconds())) {
    note(state);
  }
}

void Progress::show(const std::string& text) const {
  std::string line =
      printable("[" + std::to_string(seen_.size()) + "/" + std::to_string(all_) + "] " + text);
  // Names of rows are ASCII but for those of zoos, which then lose a few characters more.
  std::size_t width = terminal_width() - 1;
  while (width < line.size() && (line[width] & 0xC0) == 0x80) --width;
  line.resize(std::min(line.size(), width));
  std::fprintf(stderr, "\r\033[K%s", line.c_str());
  std::fflush(stderr);
}

void Progress::clear() const {
  if (terminal_) std::fprintf(stderr, "\r\033[K");
}

}  // namespace model_search
