// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/results/context.h"

#include <algorithm>
#include <regex>
#include <set>
#include <string>

#include "benchmarks/steps/steps.h"
#include "datasets/files/aligned_memory.h"
#include "datasets/files/direct_file.h"
#include "datasets/files/file_bytes.h"
#include "datasets/files/new_file.h"
#include "datasets/files/text_list.h"
#include "datasets/images/decoder.h"
#include "datasets/images/decoder_libraries.h"
#include "datasets/images/formats/image_format.h"
#include "datasets/images/preprocess.h"
#include "datasets/images/resample_kernels.h"
#include "datasets/text/printable.h"
#include "fixtures/devices/device_set.h"
#include "fixtures/devices/environment.h"
#include "fixtures/devices/gpu_decoder.h"
#include "fixtures/searching/item_choice.h"
#include "fixtures/searching/joint_heads.h"

namespace model_search {
namespace {

std::string joined(const std::vector<std::string>& words) {
  return joined(Values(words.begin(), words.end()));
}

/// Adds every option in force: for an axis the values of the rows, whichever flag or rule gave
/// them.
Facts describe_options(const Options& options) {
  Facts facts;
  for (const Axis& axis : axes().all()) {
    if (axis.flag.empty()) continue;
    std::string values = joined(options.of(axis));
    if (&axis == &axes().batch && options.common_max) values = "common_max";
    const bool by_row = &axis == &axes().batch || &axis == &axes().cache;
    if (by_row && !options.given.at(&axis)) values = "default";
    if (&axis == &axes().memory_limit && options.memory_limit() == 0) values = "the device's";
    facts.emplace_back("option_" + std::string(axis.flag), values);
  }
  const Sampling& sampling = options.sampling;
  const auto number = [](auto value) { return std::to_string(value); };
  const auto bound = [&](std::uint64_t bytes) { return bytes == 0 ? "default" : number(bytes); };
  const auto switched = [](bool on) { return on ? "on" : "off"; };
  facts.insert(facts.end(), {{"option_candidates", options.candidates.filename().string()},
                             {"option_interleave", switched(options.interleave)},
                             {"option_kernel_span", switched(options.kernel_span)},
                             {"option_split", options.split},
                             {"option_on_damage", options.on_damage},
                             {"option_max_pixels", number(options.max_pixels)},
                             {"option_items", options.items == 0 ? "all" : number(options.items)},
                             {"option_batches", number(sampling.batches)},
                             {"option_warmup_batches", number(sampling.warmup_batches)},
                             {"option_warmup_seconds", number(sampling.warmup_seconds)},
                             {"option_precision_target", number(sampling.precision_target)},
                             {"option_time_budget", number(sampling.time_budget)},
                             {std::string(stall_limit_fact), number(options.stall_limit)},
                             {"option_prefetch", number(options.prefetch)},
                             {"option_cache_limit", number(options.cache_limit)},
                             {"option_device_cache", bound(options.cache_bounds.device)},
                             {"option_host_cache", bound(options.cache_bounds.host)},
                             {"option_cores", options.cores == 0 ? "all" : number(options.cores)},
                             {"precision", joined(options.of(axes().precision))},
                             {"seed", number(options.seed)}});
  return facts;
}

/// Adds which items the searches take where they do not take all, and says on stderr which classes
/// have one item.
void describe_choice(const Options& options, const ClassFolder& folder, const std::string& name,
                     Facts& facts) {
  std::vector<std::int64_t> labels;
  std::vector<std::size_t> sizes(folder.classes.size());
  for (const LabelledFile& file : folder.files) {
    labels.push_back(file.label);
    if (folder.labeled()) ++sizes.at(static_cast<std::size_t>(file.label));
  }
  const auto count = static_cast<std::size_t>(options.items);
  if (count > 0 && count < labels.size()) {
    std::set<std::int64_t> classes;
    for (const std::size_t item : choose_items(labels, count)) classes.insert(labels[item]);
    std::string items = std::to_string(count) + " of " + std::to_string(labels.size());
    if (folder.labeled()) items += ", of " + std::to_string(classes.size()) + " classes";
    facts.emplace_back(name + "_items", items);
    if (classes.size() == 1 && folder.unscorable().empty()) {
      note("--items=" + std::to_string(count) + " takes items of one class: nothing is scored.");
    }
  }
  std::vector<std::string> single;
  for (std::size_t label = 0; label < sizes.size(); ++label) {
    if (sizes[label] == 1) single.push_back(folder.classes[label]);
  }
  if (single.empty()) return;
  note("Classes with one item, which trains a score and is never held out: " + first_ten(single));
}

/// The name of a folder, however its path is spelled: "photos/", "." and a link are one folder.
std::string name_of(const std::filesystem::path& folder) {
  std::error_code error;
  const std::filesystem::path whole = std::filesystem::canonical(folder, error);
  return (error ? folder : whole).filename().string();
}

/// Adds what of the folder is not among the items, and says so on stderr.
void describe_left_out(const ClassFolder& folder, const std::string& name, Facts& facts) {
  const std::string where = "'" + folder.root().string() + "'";
  const std::size_t left_out = folder.left_out.total();
  facts.emplace_back(name + "_ignored_files", std::to_string(left_out));
  if (left_out > 0) {
    facts.emplace_back(name + "_left_out", folder.left_out.describe());
    note(std::to_string(left_out) + " files or folders in " + where +
         " are left out: " + folder.left_out.describe());
  }
  if (!folder.damaged.empty()) {
    const std::size_t count = folder.damaged.size();
    // The file of results has every name; the terminal has the first ones.
    facts.emplace_back(name + "_damaged",
                       std::to_string(count) + " left out: " + joined(folder.damaged));
    note("--on_damage=skip left " + std::to_string(count) + (count == 1 ? " file" : " files") +
         " of " + where + " out as damaged: " + first_ten(folder.damaged));
  }
  if (const std::string reason = folder.unscorable(); !reason.empty()) {
    facts.emplace_back(name + "_labels", "nothing can be scored: " + reason);
    note("Features of " + where + " are extracted and timed, and nothing is scored: " + reason +
         ".");
  }
}

/// Adds the identity of the data of one kind: `data_…` for photographs, with what becomes of their
/// pixels, and `text_…` for texts.
void describe_data(Session& session, const std::string& kind, Facts& facts) {
  const ClassFolder& folder = session.data.folder(kind);
  const std::string name = kind == "text" ? "text" : "data";
  facts.emplace_back(name, session.data.embedded(kind) ? "embedded default (generated)"
                                                       : name_of(folder.directory));
  facts.emplace_back(name + "_identity", folder.identity());
  facts.emplace_back(name + "_split", folder.split);
  facts.emplace_back(name + (kind == "text" ? "_texts" : "_images"),
                     std::to_string(folder.files.size()));
  facts.emplace_back(name + "_classes", std::to_string(folder.classes.size()));
  describe_left_out(folder, name, facts);
  if (kind != "text") facts.emplace_back(name + "_preprocessing", Preprocessing{}.identity());
  describe_choice(session.options, folder, name, facts);
}

/// Adds what a candidate is, since its rows bear only its name.
void describe_candidate(Session& session, const std::string& subject, Facts& facts) {
  std::string weights;
  std::string tokenizer;
  std::string architecture;
  try {
    const Candidate& candidate = session.candidates.find(subject);
    architecture = candidate.architecture.name;
    weights = session.candidates.describe_weights(candidate);
    if (candidate.architecture.input == "text") {
      const auto used = session.candidates.tokenizer(candidate);
      tokenizer = std::string(used->kind()) + " " + used->identity() + " (" +
                  std::to_string(used->vocabulary_size()) + " ids)";
    }
  } catch (const std::exception& error) {
    // The candidate's rows report the error, and the other candidates must still run.
    (weights.empty() ? weights : tokenizer) = "unusable";
  }
  facts.emplace_back("weights_" + subject, weights);
  facts.emplace_back("architecture_" + subject, architecture);
  if (!tokenizer.empty()) facts.emplace_back("tokenizer_" + subject, tokenizer);
}

/// Describes which candidates share a trunk, and so one activation cache: "last_3: a, b; last_1: a,
/// b, c".
std::string describe_shared_trunks(Session& session, const std::vector<Combination>& rows) {
  std::set<std::string> configurations;
  for (const Combination& row : rows) {
    if (row.configuration.empty() || row.configuration == "full") continue;
    configurations.insert(row.configuration.substr(row.configuration.find("last_")));
  }
  std::string text;
  for (const std::string& name : configurations) {
    for (const auto& group : shared_trunks(session.candidates, Configuration::parse(name))) {
      text += (text.empty() ? "" : "; ") + name + ": " + joined(group);
    }
  }
  return text;
}

/// Makes all missing random weights and checks all checkpoints, several at once.
void make_weights(Session& session, const std::set<std::string>& subjects) {
  std::vector<const Candidate*> candidates;
  for (const std::string& subject : subjects) {
    try {
      candidates.push_back(&session.candidates.find(subject));
    } catch (const std::exception& error) {
      // The candidate's rows report the error.
    }
  }
  try {
    session.candidates.open_checkpoints(candidates);
  } catch (const std::exception& error) {
    // Whoever needs the weights tries again, and its rows report the error.
  }
}

/// Describes the versions of all steps' rows, so that --resume refuses a file with rows of other
/// versions: "LoadModel=1,...".
std::string describe_row_versions() {
  std::vector<std::string> versions;
  for (const StepEntry& step : step_table()) {
    versions.push_back(std::string(step_name(step.rows.step).name) + "=" +
                       std::to_string(step.row_version));
  }
  return joined(versions);
}

/// Describes how cached activations in this folder are read.
std::string describe_reads(const std::filesystem::path& directory) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  try {
    const NewFolder folder(directory / "reads");
    const std::filesystem::path probe = folder.part() / "probe";
    write_file(probe, std::vector<std::byte>(direct_alignment));
    const bool direct = DirectFile(probe, FileAccess::direct).access() == FileAccess::direct;
    return direct ? "direct (past the page cache)"
                  : "buffered (this file system refuses direct reads)";
  } catch (const std::exception& failure) {
    return std::string("unknown: ") + failure.what();
  }
}

}  // namespace

Facts describe_run(Session& session, const std::vector<Combination>& combinations) {
  std::vector<Device> devices;
  for (const std::string& name : session.options.words(axes().device)) {
    for (const Device& device : DeviceSet::parse(name).devices()) {
      if (std::ranges::count(devices, device.name, &Device::name) == 0) devices.push_back(device);
    }
  }
  Facts facts = describe_environment(devices);
  facts.emplace_back("row_versions", describe_row_versions());
  std::set<std::string> subjects;
  std::set<std::string> kinds;
  for (const Combination& row : combinations) {
    const std::vector<std::string> names = candidates_of(row, session.options);
    subjects.insert(names.begin(), names.end());
    kinds.insert(row.input);
  }
  for (const std::string& kind : kinds) describe_data(session, kind, facts);
  const std::string states = joined(session.options.of(axes().page_cache));
  facts.emplace_back("page_cache",
                     states == "warm"
                         ? "warm (not dropped; files may have been read before)"
                         : states +
                               " (cold: the data set's pages are dropped before each row, a "
                               "checkpoint's before each load)");
  facts.emplace_back("thread_pools",
                     "loader: " + joined(session.options.of(axes().workers)) +
                         " workers; LibTorch: " + joined(session.options.of(axes().threads)) +
                         " threads on the CPU, which rest while a GPU is measured");
  facts.emplace_back("resampling", best_kernels().name);
  facts.emplace_back("image_formats", readable_formats());
  for (const std::string& name : session.options.words(axes().decoder)) {
    if (is_gpu_decoder(name)) continue;
    facts.emplace_back("decoder_" + name, "cpu");
  }
  for (const GpuDecoderEntry& entry : gpu_decoder_table()) {
    const std::string missing = entry.missing();
    facts.emplace_back("decoder_" + std::string(entry.name),
                       missing.empty() ? "cuda" : "not usable: " + missing);
  }
  for (const DecoderLibrary& library : decoder_libraries()) {
    facts.emplace_back(library.name + "_version", library.version);
  }
  facts.emplace_back("activation_reads", describe_reads(session.activations.directory()));
  facts.emplace_back("weights", session.candidates.all_random() ? "random" : "checkpoints");
  make_weights(session, subjects);
  for (const std::string& subject : subjects) describe_candidate(session, subject, facts);
  if (!session.options.candidates.empty()) {
    facts.emplace_back("shared_trunks", describe_shared_trunks(session, combinations));
  }
  for (auto& fact : describe_options(session.options)) facts.push_back(std::move(fact));
  for (auto& [name, value] : facts) value = printable(value);
  return facts;
}

Facts facts_of_run(const Facts& facts) {
  const std::set<std::string> more{"git_revision", "row_versions", "shard_grid"};
  const std::set<std::string_view> shared{"library", "build", "data", "option"};
  std::vector<std::pair<std::regex, bool>> rules;  // the first that matches counts
  for (const ContextKind& kind : context_kinds()) {
    rules.emplace_back(std::regex(kind.pattern), shared.contains(kind.kind));
  }
  Facts found;
  for (const auto& fact : facts) {
    const auto rule = std::ranges::find_if(
        rules, [&](const auto& each) { return std::regex_match(fact.first, each.first); });
    if (more.contains(fact.first) || (rule != rules.end() && rule->second)) found.push_back(fact);
  }
  return found;
}

std::vector<ContextKind> context_kinds() {
  // The names of rows already distinguish what they show, so these flags are not compared.
  std::string flags;
  for (const Axis& axis : axes().all()) {
    if (axis.flag.empty() || &axis == &axes().memory_limit) continue;
    flags += (flags.empty() ? "" : "|") + std::string(axis.flag);
  }
  return {
      {"program_version|git_revision", ""},
      {"date|executable|host_name|load_avg|caches|mhz_per_cpu|name|json_schema_version|aslr_"
       "enabled",
       ""},
      {"given_.*|resumed|processes|shard|shard_.*|merged_.*|row_versions|shared_trunks|thread_"
       "pools|"
       "precision|"
       "cuda_device_max_connections|option_device_cache|option_host_cache|" +
           std::string(stall_limit_fact),
       ""},
      {"option_(candidates|" + flags + ")", ""},
      {"driver_version", "driver"},
      {"cpu_.*|num_cpus|cores_allowed|gpu.*|activation_reads", "machine"},
      {".*_version|compiler|library_build_type|resampling|image_formats|decoder_.*", "library"},
      {"harness_build_type", "build"},
      {"(data|text|weights|architecture|tokenizer)(_.*)?", "data"},
      {"option_.*|seed|page_cache|allocator_settings", "option"},
  };
}

}  // namespace model_search
