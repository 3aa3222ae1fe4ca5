// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/grid/options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <stdexcept>
#include <utility>

#include "benchmarks/grid/flags.h"
#include "benchmarks/grid/help.h"
#include "benchmarks/grid/presets.h"
#include "datasets/files/host_name.h"
#include "datasets/files/nearest_word.h"
#include "fixtures/devices/environment.h"

namespace model_search {
namespace {

/// The folder for generated data, weights and activations where --cache_dir is not given:
/// $XDG_CACHE_HOME/model-search-bench, else ~/.cache/model-search-bench.
std::filesystem::path default_cache_directory() {
  const char* cache = std::getenv("XDG_CACHE_HOME");
  if (cache != nullptr && *cache != '\0') {
    return std::filesystem::path(cache) / "model-search-bench";
  }
  const char* home = std::getenv("HOME");
  const std::filesystem::path base = home != nullptr && *home != '\0'
                                         ? std::filesystem::path(home) / ".cache"
                                         : std::filesystem::temp_directory_path();
  return base / "model-search-bench";
}

/// The text with this host's name, without its domain, in the place of each `%N`.
std::string with_host_name(std::string text) {
  const std::string name = short_host_name();
  for (std::size_t at = text.find("%N"); at != std::string::npos; at = text.find("%N", at)) {
    text.replace(at, 2, name);
    at += name.size();
  }
  return text;
}

void apply_preset(const std::string& name, std::map<const Axis*, std::string>& texts) {
  for (const Preset& preset : presets()) {
    if (preset.name != name) continue;
    for (const auto& [axis, text] : preset.flags) {
      if (texts[axis].empty()) texts[axis] = text;
    }
  }
}

/// Throws std::invalid_argument that names what is unknown and the flag that is nearest to it.
void refuse_unknown(const CLI::App& app) {
  const std::vector<std::string> unknown = app.remaining();
  if (unknown.empty()) return;
  const std::string& text = unknown.front();
  if (!text.starts_with("--")) {
    throw std::invalid_argument("'" + text + "' is not a flag: flags begin with --" +
                                " (--help lists them)");
  }
  std::vector<std::string> names = benchmark_flag_names();
  names.insert(names.end(), {"help", "help-all", "schema"});
  for (const CLI::Option* option : app.get_options()) {
    names.push_back(option->get_name(false, true).substr(2));
  }
  const std::string name = text.substr(2, text.find('=') - 2);
  throw std::invalid_argument("--" + name + " is not a flag" + did_you_mean(name, names, "--") +
                              " (--help and --help-all list the flags)");
}

/// The checkpoint of an architecture in the folder; where only a file of PyTorch is there, the
/// entry says how to convert it.
void find_weights(const std::filesystem::path& folder, ZooEntry& entry) {
  entry.weights = folder / (entry.name + ".safetensors");
  if (std::filesystem::exists(entry.weights)) return;
  for (const char* ending : {".pth", ".pt", ".ckpt", ".bin"}) {
    ZooEntry other = entry;
    other.weights = folder / (entry.name + ending);
    if (!std::filesystem::exists(other.weights)) continue;
    entry.problem = needs_conversion(other, {}, folder);
    return;
  }
}

/// Returns the candidates: those of the zoo, or the architectures themselves.
void find_candidates(Options& options) {
  const std::vector<std::string> chosen = options.words(axes().architecture);
  if (options.candidates.empty()) {
    for (const std::string& name : chosen.empty() ? axis_rules::architectures() : chosen) {
      ZooEntry entry{.name = name, .architecture = name, .seed = options.seed};
      if (!options.weights_dir.empty()) find_weights(options.weights_dir, entry);
      options.zoo.push_back(std::move(entry));
    }
    return;
  }
  if (!options.weights_dir.empty()) {
    throw std::invalid_argument(
        "--weights_dir and --candidates exclude each other: a zoo names its own files; drop one");
  }
  for (ZooEntry& entry : read_zoo(options.candidates, options.seed)) {
    if (chosen.empty() ||
        std::find(chosen.begin(), chosen.end(), entry.architecture) != chosen.end()) {
      options.zoo.push_back(std::move(entry));
    } else {
      options.left_out.push_back(entry.name + " (" + entry.architecture + ")");
    }
  }
  if (options.zoo.empty()) {
    throw std::invalid_argument(
        "--candidates=" + options.candidates.string() +
        " has no candidate of --architectures=" + joined(options.of(axes().architecture)));
  }
}

/// Throws where a flag does not go together with rows that workers take one by one.
void check_pulling(const Options& options) {
  if (!options.shard.pulls) {
    if (options.store.empty()) return;
    throw std::invalid_argument("--store=" + options.store + " needs --shard=auto");
  }
  if (options.store.empty()) {
    throw std::invalid_argument(
        "--shard=auto needs --store=HOST:PORT, where the workers agree on who measures what");
  }
  const auto refuse = [](const std::string& flag, const std::string& why) {
    throw std::invalid_argument(flag + " needs " + why +
                                ", and --shard=auto takes rows one by "
                                "one: give --shard=i/n in its place");
  };
  if (options.interleave) refuse("--interleave", "the rows of a network together");
  if (options.processes > 1) refuse("--processes", "the same rows in every process");
}

}  // namespace

std::vector<std::string> Options::words(const Axis& axis) const {
  std::vector<std::string> words;
  for (const Value& value : of(axis)) words.push_back(std::get<std::string>(value));
  return words;
}

std::vector<std::int64_t> Options::numbers(const Axis& axis) const {
  std::vector<std::int64_t> numbers;
  for (const Value& value : of(axis)) numbers.push_back(std::get<std::int64_t>(value));
  return numbers;
}

std::uint64_t Options::memory_limit() const {
  const Values& limit = of(axes().memory_limit);
  return limit.empty() ? 0 : std::get<Bytes>(limit.front()).count;
}

bool Options::has_device(const std::string& name) const {
  const Values& devices = of(axes().device);
  return std::find(devices.begin(), devices.end(), Value(name)) != devices.end();
}

Options parse_options(int argc, const char* const* argv) {
  FlagTexts flags;
  CLI::App app;
  declare(app, flags);
  app.allow_extras();
  app.parse(argc, argv);
  refuse_unknown(app);
  Options& options = flags.options;
  options.shard =
      choose_shard(flags.shard, [](const char* name) -> const char* { return std::getenv(name); });
  apply_preset(flags.preset, flags.axes);
  if (flags.axes[&axes().batch] == "common_max") {
    options.common_max = true;
    flags.axes[&axes().batch] = "1";  // Each row once: with_common_batch() writes the size found.
  }
  // Limits the cores before the defaults that depend on their number, and before any thread starts.
  if (options.cores > 0) limit_cores(static_cast<std::size_t>(options.cores));
  const Machine machine{options.cores > 0 ? options.cores
                                          : static_cast<std::int64_t>(cores_allowed())};
  for (const Axis& axis : axes().all()) {
    const std::string& text = flags.axes[&axis];
    options.given[&axis] = !text.empty();
    options.axis_values[&axis] = text.empty() ? axis.defaults(machine) : axis.read(text);
  }
  if (options.common_max && options.memory_limit() == 0 && options.has_device("cpu")) {
    throw std::invalid_argument(
        "--batch_sizes=common_max needs a limit on a CPU: give --memory_limit, e.g. 2GB, or "
        "leave the CPU out of --devices");
  }
  check_pulling(options);
  if (options.common_max && !options.shard.whole()) {
    throw std::invalid_argument(
        "--batch_sizes=common_max needs all rows in one process, and " + options.shard.source +
        " asks for shard " + options.shard.text() +
        ": run it with --shard=none first, and give the size that it finds");
  }
  if (options.cache_dir.empty()) options.cache_dir = default_cache_directory();
  options.cache_dir = with_host_name(options.cache_dir.string());
  find_candidates(options);
  return std::move(options);
}

}  // namespace model_search
