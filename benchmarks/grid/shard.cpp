// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/grid/shard.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <system_error>

namespace model_search {
namespace {

std::optional<std::size_t> whole_number(std::string_view text) {
  std::size_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

Shard parse_shard(const std::string& text) {
  if (text == "none") return {.source = "--shard"};
  const std::size_t slash = std::min(text.find('/'), text.size());
  const auto index = whole_number(std::string_view(text).substr(0, slash));
  const auto count = whole_number(std::string_view(text).substr(std::min(slash + 1, text.size())));
  if (!index || !count || *index >= *count) {
    throw std::invalid_argument("--shard=" + text +
                                ": must be i/n with i from 0 to n-1, such as 0/4; auto, where "
                                "workers take rows from a --store; or none, which measures all "
                                "rows whatever the environment says");
  }
  return {*index, *count, "--shard"};
}

/// A variable as a number; empty where it is not set. Throws where it is another text.
std::optional<std::size_t> number_in(const Variables& variables, const char* name) {
  const char* const text = variables(name);
  if (text == nullptr || *text == '\0') return std::nullopt;
  if (const auto value = whole_number(text)) return value;
  throw std::invalid_argument(std::string(name) + "=" + text +
                              ": must be a whole number; give --shard=i/n, or --shard=none to "
                              "measure all rows");
}

/// Throws: the variables are there and do not name a shard.
[[noreturn]] void refuse(const std::string& said, const std::string& why) {
  throw std::invalid_argument(said + ": " + why +
                              "; give --shard=i/n, or --shard=none to measure all rows");
}

std::string said(const char* index_name, std::size_t index, const char* count_name,
                 std::size_t count) {
  return std::string(index_name) + "=" + std::to_string(index) + ", " + count_name + "=" +
         std::to_string(count);
}

/// The task of a Slurm array. Its numbers begin anywhere and may have a step (`--array=10-30:10`).
std::optional<Shard> slurm_array(const Variables& variables) {
  const char* const index_name = "SLURM_ARRAY_TASK_ID";
  const char* const count_name = "SLURM_ARRAY_TASK_COUNT";
  const auto id = number_in(variables, index_name);
  const auto count = number_in(variables, count_name);
  if (!id || !count) return std::nullopt;
  const std::string text = said(index_name, *id, count_name, *count);
  const std::size_t first = number_in(variables, "SLURM_ARRAY_TASK_MIN").value_or(0);
  const std::size_t step = number_in(variables, "SLURM_ARRAY_TASK_STEP").value_or(1);
  const auto last = number_in(variables, "SLURM_ARRAY_TASK_MAX");
  const bool even = step > 0 && *id >= first && (*id - first) % step == 0 &&
                    (*id - first) / step < *count &&
                    (!last || (*last - first) / step + 1 == *count);
  if (!even) refuse(text, "the numbers of the array's tasks have gaps");
  return Shard{(*id - first) / step, *count, text};
}

/// The pod of an Indexed Job. Kubernetes gives the index alone.
std::optional<Shard> kubernetes_index(const Variables& variables) {
  const char* const index_name = "JOB_COMPLETION_INDEX";
  const char* const count_name = "JOB_COMPLETIONS";
  const auto index = number_in(variables, index_name);
  if (!index) return std::nullopt;
  const auto count = number_in(variables, count_name);
  const std::string text = std::string(index_name) + "=" + std::to_string(*index);
  if (!count) refuse(text, "set JOB_COMPLETIONS to the Job's completions");
  if (*index >= *count) refuse(said(index_name, *index, count_name, *count), "is out of range");
  return Shard{*index, *count, said(index_name, *index, count_name, *count)};
}

struct Launcher {
  const char* index;
  const char* count;
};
/// The launcher that starts the process itself comes first: under srun and mpirun, a program of
/// torchrun's has the variables of both.
constexpr std::array<Launcher, 4> launchers{{{"RANK", "WORLD_SIZE"},
                                             {"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"},
                                             {"PMI_RANK", "PMI_SIZE"},
                                             {"SLURM_PROCID", "SLURM_NTASKS"}}};

bool is_set(const Variables& variables, const char* name) {
  const char* const value = variables(name);
  return value != nullptr && *value != '\0';
}

/// Whether a process of Slurm is one of srun's. A batch script has SLURM_PROCID=0 and the job's
/// SLURM_NTASKS as well, although it runs once.
bool is_batch_script(const Variables& variables) {
  return is_set(variables, "SLURM_JOB_ID") && !is_set(variables, "SLURM_STEP_ID");
}

/// The rank among the processes that one launcher started; empty where it started one.
std::optional<Shard> rank(const Variables& variables) {
  for (const Launcher& launcher : launchers) {
    const bool slurm = std::string_view(launcher.index) == "SLURM_PROCID";
    if (slurm && is_batch_script(variables)) continue;
    const auto index = number_in(variables, launcher.index);
    const auto count = number_in(variables, launcher.count);
    if (!index || !count || *count < 2) continue;
    const std::string text = said(launcher.index, *index, launcher.count, *count);
    if (*index >= *count) refuse(text, "is out of range");
    return Shard{*index, *count, text};
  }
  return std::nullopt;
}

Shard shard_of_environment(const Variables& variables) {
  const std::optional<Shard> inner = rank(variables);
  if (const auto array = slurm_array(variables)) {
    // Without a step these are the numbers of the array's own job.
    const bool ranks =
        inner && (!inner->source.starts_with("SLURM_PROCID") || is_set(variables, "SLURM_STEP_ID"));
    if (!ranks) return *array;
    return {array->index * inner->count + inner->index, array->count * inner->count,
            array->source + ", " + inner->source};
  }
  const auto pod = kubernetes_index(variables);
  if (pod && inner && !pod->whole()) {
    refuse(pod->source + ", " + inner->source, "ranks may count all pods or those of one");
  }
  if (inner) return *inner;
  return pod.value_or(Shard{});
}

/// A worker, which has the number of its process where a scheduler gives one.
Shard worker_of_environment(const Variables& variables) {
  Shard shard = shard_of_environment(variables);
  if (shard.count > 1) shard.worker = std::to_string(shard.index);
  shard.source = "--shard=auto" + (shard.source.empty() ? "" : ", " + shard.source);
  shard.pulls = true;
  return shard;
}

constexpr std::string_view worker_mark = ".shard-auto-";

/// Names of workers have no dot, which ends them in paths.
bool is_name_letter(char letter) {
  return std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '-' || letter == '_';
}

/// Whether the path names the shard: "shard-1-of-4", but not "shard-1-of-40".
bool names_shard(const std::string& path, const std::string& word) {
  for (std::size_t at = path.find(word); at != std::string::npos; at = path.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if (end == path.size() || std::isdigit(static_cast<unsigned char>(path[end])) == 0) return true;
  }
  return false;
}

}  // namespace

std::string Shard::text() const {
  if (pulls) return worker.empty() ? "auto" : "auto-" + worker;
  return std::to_string(index) + "/" + std::to_string(count);
}

Shard choose_shard(const std::string& text, const Variables& variables) {
  if (text == "auto") return worker_of_environment(variables);
  return text.empty() ? shard_of_environment(variables) : parse_shard(text);
}

std::filesystem::path path_of_shard(const std::filesystem::path& path, const Shard& shard) {
  if (path.empty() || shard.whole()) return path;
  const std::string word =
      "shard-" + (shard.pulls ? shard.text()
                              : std::to_string(shard.index) + "-of-" + std::to_string(shard.count));
  const bool named_already = shard.pulls ? !parts_of_worker_path(path.string()).worker.empty()
                                         : names_shard(path.string(), word);
  if (named_already) return path;
  std::filesystem::path named = path;
  const std::string extension = path.extension().string();
  // Another ending is a part of the name: `run.1` and `run.2` are two results.
  const bool known = extension == ".json" || extension == ".csv" || extension == ".txt";
  if (known) named.replace_extension();
  named += "." + word + (known ? extension : "");
  return named;
}

WorkerPath parts_of_worker_path(const std::string& path) {
  const std::size_t mark = path.rfind(worker_mark);
  if (mark == std::string::npos) return {path, "", ""};
  const std::size_t begin = mark + worker_mark.size();
  std::size_t end = begin;
  while (end < path.size() && is_name_letter(path[end])) ++end;
  return {path.substr(0, mark), path.substr(begin, end - begin), path.substr(end)};
}

}  // namespace model_search
