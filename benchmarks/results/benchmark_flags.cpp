// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/results/benchmark_flags.h"

#include <cctype>
#include <charconv>
#include <cstdlib>
#include <stdexcept>
#include <string_view>
#include <system_error>

namespace model_search {
namespace {

/// The environment variable that Google Benchmark reads for a flag.
std::string variable_of(std::string flag) {
  for (char& letter : flag) letter = static_cast<char>(std::toupper(letter));
  return flag;
}

/// The value of a flag; empty where the flag is not given.
std::string value_of(const std::vector<char*>& arguments, const std::string& flag) {
  const char* known = std::getenv(variable_of(flag).c_str());
  std::string value = known != nullptr ? known : "";
  const std::string prefix = "--" + flag + "=";
  for (const char* argument : arguments) {
    if (std::string_view(argument).starts_with(prefix)) value = argument + prefix.size();
  }
  return value;
}

/// Whether a flag is on that may be given without a value.
bool is_on(const std::vector<char*>& arguments, const std::string& flag) {
  for (const char* argument : arguments) {
    if (argument == "--" + flag) return true;
  }
  const std::string value = value_of(arguments, flag);
  return !value.empty() && value != "false" && value != "no" && value != "0";
}

void require_format(const std::string& flag, const std::string& format) {
  if (format.empty() || format == "console" || format == "json" || format == "csv") return;
  throw std::invalid_argument("--" + flag + "=" + format + ": choices are console, json and csv");
}

/// Google Benchmark measures nothing with 0 repetitions.
void require_repetitions(const std::string& text) {
  if (text.empty()) return;
  int count = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, count);
  if (read.ec == std::errc() && read.ptr == end && count >= 1) return;
  throw std::invalid_argument("--benchmark_repetitions=" + text +
                              ": must be a whole number of at least 1");
}

/// Google Benchmark would print its help and end with exit code 0.
void require_time_unit(const std::string& unit) {
  if (unit.empty() || unit == "ns" || unit == "us" || unit == "ms" || unit == "s") return;
  throw std::invalid_argument("--benchmark_time_unit=" + unit + ": choices are ns, us, ms and s");
}

/// Removes a flag from the arguments and the environment, and returns its value.
std::string take(std::vector<char*>& arguments, const std::string& flag) {
  const std::string value = value_of(arguments, flag);
  const std::string prefix = "--" + flag + "=";
  std::erase_if(arguments, [&](const char* argument) {
    return std::string_view(argument).starts_with(prefix) || argument == "--" + flag;
  });
  (void)::unsetenv(variable_of(flag).c_str());
  return value;
}

}  // namespace

int BenchmarkFlags::repetition_count() const {
  int count = 1;
  std::from_chars(repetitions.data(), repetitions.data() + repetitions.size(), count);
  return count;
}

bool has_flag(int argc, char** argv, const std::string& flag) {
  for (int i = 1; i < argc; ++i) {
    if (argv[i] == flag) return true;
  }
  return false;
}

BenchmarkFlags read_benchmark_flags(int argc, char** argv) {
  static char one_trial[] = "--benchmark_min_time=0";
  BenchmarkFlags flags;
  flags.rest = {argv[0], one_trial};
  flags.rest.insert(flags.rest.end(), argv + 1, argv + argc);
  flags.list_rows = is_on(flags.rest, "benchmark_list_tests");
  flags.display = value_of(flags.rest, "benchmark_format");
  flags.repetitions = value_of(flags.rest, "benchmark_repetitions");
  flags.color = value_of(flags.rest, "benchmark_color");
  const std::string time_unit = value_of(flags.rest, "benchmark_time_unit");
  flags.time_unit = !time_unit.empty();
  flags.display_aggregates_only = is_on(flags.rest, "benchmark_display_aggregates_only");
  (void)take(flags.rest, "benchmark_display_aggregates_only");
  const std::string out = take(flags.rest, "benchmark_out");
  flags.out_format = take(flags.rest, "benchmark_out_format");
  require_format("benchmark_format", flags.display);
  require_format("benchmark_out_format", flags.out_format);
  require_repetitions(flags.repetitions);
  require_time_unit(time_unit);
  (flags.out_format.empty() || flags.out_format == "json" ? flags.out : flags.table_out) = out;
  return flags;
}

}  // namespace model_search
