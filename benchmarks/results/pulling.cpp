// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/results/pulling.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include "benchmarks/results/context.h"
#include "benchmarks/results/result_file.h"
#include "benchmarks/results/whole_file.h"
#include "benchmarks/workers/store_process.h"
#include "benchmarks/workers/tcp_keys.h"
#include "datasets/files/host_name.h"

namespace model_search {
namespace {

namespace fs = std::filesystem;

constexpr const char* part_variable = "MODEL_SEARCH_WORKER";

/// What pass_on() has left: "3", or "3 hosts".
struct Part {
  std::optional<std::int64_t> worker;
  bool hosts = false;
};

Part take_part() {
  const char* const text = std::getenv(part_variable);
  if (text == nullptr) return {};
  const std::string_view words = text;
  std::int64_t worker = 0;
  const auto read = std::from_chars(words.data(), words.data() + words.size(), worker);
  const Part part{read.ec == std::errc() ? std::optional(worker) : std::nullopt,
                  words.ends_with("hosts")};
  (void)::unsetenv(part_variable);
  return part;
}

/// This host's name without its domain, as a part of a file's name.
std::string host_as_name() {
  std::string name = short_host_name();
  for (char& letter : name) {
    if (std::isalnum(static_cast<unsigned char>(letter)) == 0) letter = '-';
  }
  return name.empty() ? "worker" : name;
}

/// The files of results that workers of the same command have written next to `out`.
std::vector<fs::path> files_of_workers(const std::string& out) {
  std::vector<fs::path> files;
  if (out.empty() || is_stream(out)) return files;
  // Whatever the worker's name, the parts around it are those of all.
  const std::string named = path_of_shard(out, Shard{.pulls = true, .worker = "0"}).string();
  const WorkerPath own = parts_of_worker_path(named);
  fs::path folder = fs::path(named).parent_path();
  if (folder.empty()) folder = ".";
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const WorkerPath parts = parts_of_worker_path(entry.path().filename().string());
    if (!parts.worker.empty() && parts.before == fs::path(own.before).filename() &&
        parts.after == own.after) {
      files.push_back(entry.path());
    }
  }
  std::ranges::sort(files);
  return files;
}

[[noreturn]] void refuse_earlier(const fs::path& file) {
  throw std::invalid_argument("'" + file.string() +
                              "' is there from an earlier run; give --resume to go on with it, "
                              "or remove it");
}

/// Whether the worker of this name would write over a file that is there.
bool would_overwrite(const std::string& out, const std::string& worker) {
  const std::string file = output_of_shard(out, Shard{.pulls = true, .worker = worker});
  return !file.empty() && !is_stream(file) && fs::exists(file);
}

/// Starts the store where no one has yet and it is this process' part. Returns whether it did.
bool start_where_due(const Options& options, const StoreAddress& address, const std::string& out) {
  if (options.shard.later_rank()) return false;
  FileDescriptor listening = listen_at(address);
  if (!listening) return false;
  const std::vector<fs::path> earlier = files_of_workers(out);
  if (!options.resume && !earlier.empty()) refuse_earlier(earlier.front());
  start_store(address, std::move(listening), options.lease_limit);
  return true;
}

/// Throws std::runtime_error that names the flag where no store listens at the address.
std::unique_ptr<SharedKeys> connect(const StoreAddress& address) {
  try {
    return open_tcp_keys(address, FileDescriptor());
  } catch (const StoreError& error) {
    throw std::runtime_error("--store: " + std::string(error.what()));
  }
}

}  // namespace

std::unique_ptr<PulledRows> join_workers(const Options& options, const Combinations& rows,
                                         ShardDeal& deal, BenchmarkFlags& flags) {
  const Part part = take_part();
  const StoreAddress address = parse_store_address(options.store);
  const std::string out = flags.out.empty() ? flags.table_out : flags.out;
  const bool hosts = start_where_due(options, address, out) || part.hosts;
  wait_until_reachable(address, options.store_wait);
  auto pulled = std::make_unique<PulledRows>(connect(address), part.worker, hosts, rows, deal.rows,
                                             options.lease_limit);
  // Whoever continues a file by its path has the name in it.
  const std::string given = parts_of_worker_path(out).worker;
  std::string name = given.empty() ? options.shard.worker : given;
  if (!part.worker || name.empty()) {
    // Without a file a namesake has left nothing that could be lost.
    const bool resumes = options.resume || !would_overwrite(out, name);
    name = pulled->take_name(name, host_as_name(), resumes);
  }
  deal.shard.worker = name;
  // Whoever started the store may see another folder, or not be one of the workers.
  if (!options.resume && !part.worker && would_overwrite(out, name)) {
    refuse_earlier(output_of_shard(out, deal.shard));
  }
  flags.out = output_of_shard(flags.out, deal.shard);
  flags.table_out = output_of_shard(flags.table_out, deal.shard);
  return pulled;
}

std::set<std::string> rows_of_workers(const Options& options, const std::string& out,
                                      const Facts& facts) {
  std::set<std::string> names;
  if (!options.resume) return names;
  const auto grid = std::ranges::find(facts, "shard_grid", &Facts::value_type::first);
  for (const fs::path& file : files_of_workers(out)) {
    EarlierResults earlier = read_earlier_results(file, options.retry_failed);
    const auto other = std::ranges::find(earlier.context, "shard_grid", &Facts::value_type::first);
    if (other == earlier.context.end() || grid == facts.end() || other->second != grid->second) {
      throw std::invalid_argument("--resume: '" + file.string() +
                                  "' has rows of another grid; remove it, or give another file");
    }
    require_same_facts(earlier, facts_of_run(facts), file);
    names.merge(earlier.names);
  }
  return names;
}

Facts facts_of_workers(const Facts& facts, const Options& options, const std::string& out) {
  const WorkerPath path = parts_of_worker_path(out);
  Facts common = facts_of_run(facts);
  common.emplace_back("option_lease_limit", std::to_string(options.lease_limit));
  common.emplace_back("results", path.before + path.after);
  return common;
}

void pass_on(const PulledRows& pulled) {
  const std::string text = std::to_string(pulled.worker()) + (pulled.hosts() ? " hosts" : "");
  (void)::setenv(part_variable, text.c_str(), 1);
}

}  // namespace model_search
