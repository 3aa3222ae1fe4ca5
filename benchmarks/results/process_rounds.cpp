// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/results/process_rounds.h"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <thread>

#include "benchmarks/results/interruption.h"
#include "benchmarks/results/merged_rounds.h"
#include "benchmarks/results/result_file.h"
#include "benchmarks/results/whole_file.h"
#include "datasets/files/file_descriptor.h"
#include "datasets/text/printable.h"

namespace model_search {
namespace {

using Json = nlohmann::ordered_json;

/// The command of one process: the user's, with a file of its own. The last value of a flag counts.
std::vector<std::string> command_of(std::vector<std::string> command,
                                    const std::filesystem::path& out) {
  command.emplace_back("--processes=1");
  command.push_back("--benchmark_out=" + out.string());
  command.emplace_back("--benchmark_out_format=json");
  return command;
}

/// Starts this program with other arguments. The process ends with this one, even if this one is
/// killed.
pid_t start(std::vector<std::string> command) {
  std::vector<char*> arguments;
  for (std::string& argument : command) arguments.push_back(argument.data());
  arguments.push_back(nullptr);
  std::fflush(nullptr);
  const pid_t process = ::fork();
  if (process < 0) {
    throw std::system_error(errno, std::generic_category(), "cannot start a process");
  }
  if (process == 0) {
    (void)::prctl(PR_SET_PDEATHSIG, SIGKILL);
    // From here on a signal ends the process; one that came before would get lost.
    (void)std::signal(SIGINT, SIG_DFL);
    (void)std::signal(SIGTERM, SIG_DFL);
    if (interrupted()) ::_exit(was_interrupted);
    ::execv("/proc/self/exe", arguments.data());
    ::_exit(bad_usage);
  }
  return process;
}

/// Waits for the process, and passes an interruption on once. Returns waitpid()'s status.
int wait_for(pid_t process) {
  constexpr std::chrono::milliseconds pause(50);
  bool passed_on = false;
  int status = 0;
  while (::waitpid(process, &status, WNOHANG) == 0) {
    if (interrupted() && !passed_on) {
      passed_on = true;
      (void)::kill(process, SIGTERM);
    }
    std::this_thread::sleep_for(pause);
  }
  return status;
}

/// The results of a process; nothing where it wrote none.
std::optional<Json> read_results(const std::filesystem::path& path) {
  std::ifstream stream(path);
  if (!stream) return std::nullopt;
  return Json::parse(stream);
}

/// Returns whether the file could be written; reports why not.
bool write_merged(const std::filesystem::path& path, const Json& results) {
  try {
    write_whole_file(path, results.dump(2) + "\n");
    return true;
  } catch (const std::system_error& error) {
    note("cannot write '" + path.string() + "': " + error.code().message() + "; '" +
         results_of_process(path, 1).parent_path().string() + "' has the rows of each process");
    return false;
  }
}

/// Throws where the file that is to be continued is that of a run without processes, whose rows a
/// merged file would replace.
void require_merged(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path)) return;
  std::ifstream stream(path);
  const auto earlier = Json::parse(stream, nullptr, /*allow_exceptions=*/false);
  if (!earlier.is_object() || !earlier.contains("context")) return;
  if (earlier.at("context").contains("processes")) return;
  throw std::invalid_argument("--resume: '" + path.string() +
                              "' was measured without --processes, and a merged file would "
                              "replace its rows; give another file");
}

/// Removes what an earlier run left, so that --resume never takes it for this run's.
void remove_earlier(const std::filesystem::path& results) {
  const std::filesystem::path folder = results_of_process(results, 1).parent_path();
  if (!std::filesystem::exists(folder)) return;
  std::vector<std::filesystem::path> files;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    const std::string stem = file.path().stem().string();
    const bool number = stem.find_first_not_of("0123456789") == std::string::npos;
    if (number && file.path().extension() == ".json") files.push_back(file.path());
  }
  for (const std::filesystem::path& file : files) std::filesystem::remove(file);
}

void print_intervals(const Json& results) {
  std::printf("\n%-10s %10s  %s\n", "processes", "95 %", "row");
  for (const Json& row : results.at("benchmarks")) {
    const std::string name = row.at("name");
    const auto interval = row.find("ci95_processes_rel");
    if (interval == row.end()) {
      std::printf("%-10d %10s  %s\n", row.value("processes", 0), "-", name.c_str());
      continue;
    }
    std::printf("%-10d %9.1f%%  %s\n", row.value("processes", 0), 100 * interval->get<double>(),
                name.c_str());
  }
}

/// The exit code of a process that ended. Reports the signal where one ended it.
ExitCode code_of(int status, int number, int count) {
  if (WIFEXITED(status)) return static_cast<ExitCode>(WEXITSTATUS(status));
  std::fprintf(stderr,
               "Process %d of %d was ended by signal %d (%s); --resume measures its rows.\n",
               number, count, WTERMSIG(status), ::strsignal(WTERMSIG(status)));
  return interrupted() ? was_interrupted : some_failed;
}

}  // namespace

std::filesystem::path results_of_process(const std::filesystem::path& results, int number) {
  return next_to_results(results, ".processes") / (std::to_string(number) + ".json");
}

void check_processes(const Options& options, const BenchmarkFlags& flags) {
  if (options.processes == 1) return;
  const std::string flag = "--processes=" + std::to_string(options.processes);
  const auto refuse = [&flag](const std::string& why) {
    throw std::invalid_argument(flag + " " + why);
  };
  if (flags.out.empty()) refuse("needs --benchmark_out=FILE.json, where all processes are merged");
  if (flags.repetition_count() > 1) {
    refuse("repeats each row in fresh processes: leave out --benchmark_repetitions=" +
           flags.repetitions);
  }
  if (!flags.display.empty() && flags.display != "console") {
    refuse("shows each process' rows as a table: leave out --benchmark_format=" + flags.display);
  }
  if (options.common_max) {
    refuse(
        "needs one batch size for all processes: run --batch_sizes=common_max first, and give "
        "the size that it finds");
  }
}

ExitCode measure_in_processes(const std::vector<std::string>& command, const Options& options,
                              const BenchmarkFlags& flags) {
  if (std::filesystem::is_directory(flags.out)) {
    throw std::invalid_argument("cannot write '" + flags.out + "': it is a folder");
  }
  if (options.resume) {
    require_merged(flags.out);
  } else {
    remove_earlier(flags.out);
  }
  watch_interruptions();
  std::vector<Json> documents;
  Json merged;
  ExitCode worst = all_measured;
  const int count = static_cast<int>(options.processes);
  for (int number = 1; number <= count && !interrupted(); ++number) {
    const std::filesystem::path out = results_of_process(flags.out, number);
    std::filesystem::create_directories(out.parent_path());
    std::fprintf(stderr, "Process %d of %d\n", number, count);
    const ExitCode code = code_of(wait_for(start(command_of(command, out))), number, count);
    // Another process with the same command would end with the same code.
    if (code == bad_usage || code == nothing_matches) return code;
    worst = std::max(worst, code);
    if (std::optional<Json> document = read_results(out)) {
      documents.push_back(*std::move(document));
      merged = merge_rounds(documents);
      if (!write_merged(flags.out, merged)) return not_written;
    }
    if (code == not_written) return code;
  }
  if (documents.size() > 1) print_intervals(merged);
  return interrupted() ? was_interrupted : worst;
}

}  // namespace model_search
