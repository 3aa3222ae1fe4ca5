// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>

namespace model_search {

/// The share of a grid that one process measures: part `index` (from 0) of `count`.
struct Shard {
  std::size_t index = 0;
  std::size_t count = 1;
  std::string source{};  ///< the flag or the variables that say so; empty: nothing does
  bool pulls = false;    ///< `auto`: rows are not dealt out; workers take them one by one
  std::string worker{};  ///< with `pulls`: this worker's name; empty until it is known

  /// Whether it is the whole grid.
  [[nodiscard]] bool whole() const { return count == 1 && !pulls; }
  /// With `pulls`: whether this process is one of several and not the first of them.
  [[nodiscard]] bool later_rank() const { return pulls && index > 0; }
  /// "1/4", as `--shard` takes it; "auto-3" for the worker 3.
  [[nodiscard]] std::string text() const;
};

/// Returns the value of an environment variable, or nullptr.
using Variables = std::function<const char*(const char* name)>;

/// The shard that `--shard=text` names; where the text is empty, the one that a scheduler's
/// variables name. `none` and `0/1` are the whole grid, whatever the variables say. `auto` is a
/// worker that the variables number; without them it has no name yet.
///
/// An array (Slurm) or an index (Kubernetes) gives the outer part. The ranks of torchrun, Open MPI,
/// PMI or srun, the first of them that counts more than one process, give the inner part. In an
/// array of Slurm with several ranks each, every rank of every task is a shard of its own.
///
/// Throws std::invalid_argument that names the flag or the variable, the value and the choices.
[[nodiscard]] Shard choose_shard(const std::string& text, const Variables& variables);

/// The path with the shard before its extension: `RESULTS.shard-1-of-4.json` or, of a worker,
/// `RESULTS.shard-auto-3.json`, so that tasks that got the same command never write the same file.
/// The whole grid, and a path that names the shard already, stay as they are.
[[nodiscard]] std::filesystem::path path_of_shard(const std::filesystem::path& path,
                                                  const Shard& shard);

/// The path of a worker's file, in parts: `RESULTS`, `3` and `.json` for
/// `RESULTS.shard-auto-3.json`. The name is empty where the path names no worker.
struct WorkerPath {
  std::string before;
  std::string worker;
  std::string after;
};
[[nodiscard]] WorkerPath parts_of_worker_path(const std::string& path);

}  // namespace model_search
