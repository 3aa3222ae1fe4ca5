// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/results/benchmark_flags.h"

#include <cctype>
#include <charconv>
#include <cstdlib>
#include <string_view>

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

/// Removes a flag from the arguments and the environment, and returns its value.
std::string take(std::vector<char*>& arguments, const std::string& flag) {
  const std::string value = value_of(arguments, flag);
  const std::string prefix = "--" + flag + "=";
  std::erase_if(arguments, [&](const char* argument) {
    return std::string_view(argument).starts_with(prefix);
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
  flags.help = has_flag(argc, argv, "--help");
  flags.rest = {argv[0], one_trial};
  flags.rest.insert(flags.rest.end(), argv + 1, argv + argc);
  const std::string list = value_of(flags.rest, "benchmark_list_tests");
  flags.list_rows = has_flag(argc, argv, "--benchmark_list_tests") ||
                    (!list.empty() && list != "false" && list != "0");
  flags.display = value_of(flags.rest, "benchmark_format");
  flags.repetitions = value_of(flags.rest, "benchmark_repetitions");
  const std::string format = value_of(flags.rest, "benchmark_out_format");
  if (format.empty() || format == "json") {
    flags.out = take(flags.rest, "benchmark_out");
    (void)take(flags.rest, "benchmark_out_format");
  }
  return flags;
}

}  // namespace model_search
