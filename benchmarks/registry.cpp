// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/registry.h"

#include <algorithm>
#include <array>
#include <memory>
#include <regex>
#include <set>
#include <stdexcept>

#include "benchmarks/steps.h"
#include "fixtures/gpu_decoder.h"
#include "fixtures/models/configuration.h"

namespace model_search {
namespace {

using Combinations = std::vector<Combination>;
using Keys = std::map<std::string, std::string>;

/// Multiplies a list of combinations by one axis.
template <typename Values, typename Apply>
Combinations times(const Combinations& rows, const Values& values, const Apply& apply) {
  Combinations product;
  for (const Combination& row : rows) {
    for (const auto& value : values) {
      product.push_back(row);
      apply(product.back(), value);
    }
  }
  return product;
}

/// Writes a key unless the value is the default.
void set_unless(Combination& row, const std::string& key, const std::string& value,
                const std::string& standard) {
  if (value != standard) row.keys[key] = value;
}

bool on_gpu(const Combination& row) {
  return row.device != "cpu";
}

Combinations on_devices(const Options& options, const Combination& start) {
  return times(Combinations{start}, options.devices,
               [](Combination& row, const std::string& device) { row.device = device; });
}

/// Configurations; the joint ones by their numbers of heads.
Combinations with_configurations(const Options& options, const Combinations& rows) {
  Combinations product;
  for (const Combination& row :
       times(rows, options.configurations,
             [](Combination&r, const std::string&name) { r.configuration = name; })) {
    if (!Configuration::parse(row.configuration).joint()) {
      product.push_back(row);
      continue;
    }
    const Combinations grown =
        times(Combinations{row}, options.heads, [](Combination& r, std::int64_t heads) {
          set_unless(r, "heads", std::to_string(heads), "2");
        });
    product.insert(product.end(), grown.begin(), grown.end());
  }
  return product;
}

/// What rows are about: a candidate, or the items of a kind of input ("images", "text").
struct Subject {
  std::string name;
  std::string input;
};

/// How texts become items, which all steps that take texts depend on; nothing for images.
Combinations with_text(const Options& options, const Subject& subject, const Combinations& rows) {
  if (subject.input != "text") return rows;
  const Combinations cut =
      times(rows, options.max_lengths, [](Combination& row, std::int64_t length) {
        set_unless(row, "max_length", std::to_string(length), "512");
      });
  return times(cut, options.paddings, [](Combination& row, const std::string& name) {
    set_unless(row, "padding", name, "fixed");
  });
}

/// As with_text(), and how the network's tokens become features.
Combinations with_text_network(const Options& options, const Subject& subject,
                               const Combinations& rows) {
  if (subject.input != "text") return rows;
  return times(
      with_text(options, subject, rows), options.poolings,
      [](Combination& row, const std::string& name) { set_unless(row, "pooling", name, "cls"); });
}

/// What of a kind of input is read: its files, or items prepared beforehand.
std::vector<std::string> data_of(const Options& options, const Subject& subject) {
  const std::array<std::string, 2> known = subject.input == "text"
                                               ? std::array<std::string, 2>{"text", "tokens"}
                                               : std::array<std::string, 2>{"jpeg", "tensors"};
  std::vector<std::string> data;
  for (const std::string& name : options.data) {
    if (name == known[0] || name == known[1]) data.push_back(name);
  }
  return data.empty() ? std::vector<std::string>{known[0]} : data;
}

void set_data(Combination& row, const std::string& name) {
  if (name == "tensors" || name == "tokens") row.keys["data"] = name;
}

bool prepared(const Combination& row) {
  return row.keys.contains("data");
}

/// Whether a row reads a data set's items, prepared or not, rather than activations at a cut.
bool reads_items(const Combination& row) {
  return row.configuration.empty() || Configuration::parse(row.configuration).reads_items();
}

bool reads_files(const Combination& row) {
  return reads_items(row) && !prepared(row);
}

/// Threads on a CPU, precision on a GPU: the settings of LibTorch's arithmetic.
Combinations with_arithmetic(const Options& options, const Combinations& rows) {
  Combinations product;
  for (const Combination& row : rows) {
    const Combinations one{row};
    const Combinations grown =
        on_gpu(row) ? times(one, options.precisions,
                            [](Combination& r, const std::string& name) {
                              set_unless(r, "precision", name, "torch");
                            })
                    : times(one, options.threads, [](Combination& r, std::int64_t threads) {
                        r.keys["threads"] = std::to_string(threads);
                      });
    product.insert(product.end(), grown.begin(), grown.end());
  }
  return product;
}

/// How the host gives a network's work to a GPU; a CPU runs it eagerly.
Combinations with_executions(const Options& options, const Combinations& rows) {
  Combinations product;
  for (const Combination& row : rows) {
    for (const std::string& name : options.executions) {
      if (name != "eager" && !on_gpu(row)) continue;
      product.push_back(row);
      set_unless(product.back(), "execution", name, "eager");
    }
  }
  return product;
}

std::vector<std::int64_t> batch_sizes(const Options& options, bool gpu, bool sweep) {
  if (!options.batch_sizes.empty()) return options.batch_sizes;
  if (!sweep) return {gpu ? 128 : 8};
  if (gpu) return {1, 32, 128, 256, 512, 1024};
  return {1, 8, 32};
}

Combinations with_batches(const Options& options, const Combinations& rows, bool sweep) {
  Combinations product;
  for (const Combination& row : rows) {
    for (const std::int64_t size : batch_sizes(options, on_gpu(row), sweep)) {
      product.push_back(row);
      product.back().batch = size;
    }
  }
  return product;
}

/// Decoders of photographs. Those that run on a GPU make batches there, from files.
Combinations with_decoders(const Options& options, const Subject& subject,
                           const Combinations& rows) {
  if (subject.input != "images") return rows;
  Combinations product;
  for (const Combination& row : rows) {
    for (const std::string& name : options.decoders) {
      if (is_gpu_decoder(name) && !(on_gpu(row) && reads_files(row))) continue;
      product.push_back(row);
      product.back().keys["decoder"] = name;
    }
  }
  return product;
}

/// The form in which images are loaded: pixels of 8 bits are normalised on a GPU.
Combinations with_inputs(const Options& options, const Subject& subject, const Combinations& rows) {
  if (subject.input != "images") return rows;
  Combinations product;
  for (const Combination& row : rows) {
    const bool fixed = is_gpu_decoder(row.key("decoder", "")) || !reads_items(row) ||
                       (row.step != Step::load_data && !on_gpu(row));
    if (fixed) {
      product.push_back(row);
      continue;
    }
    const Combinations grown = times(
        Combinations{row}, options.inputs,
        [](Combination& r, const std::string& name) { set_unless(r, "input", name, "float32"); });
    product.insert(product.end(), grown.begin(), grown.end());
  }
  return product;
}

/// Decoders, the form of images, workers, and the state of the page cache.
Combinations with_loader(const Options& options, const Subject& subject, const Combinations& rows) {
  const Combinations decoded = with_inputs(options, subject, with_decoders(options, subject, rows));
  const Combinations cached =
      times(decoded, options.page_caches, [](Combination& row, const std::string& name) {
        set_unless(row, "page_cache", name, "warm");
      });
  return times(cached, options.workers, [](Combination& row, std::int64_t workers) {
    row.keys["workers"] = std::to_string(workers);
  });
}

/// The element type of activations and tensors that are kept in files.
Combinations with_storages(const Options& options, const Combinations& rows) {
  Combinations product;
  for (const Combination& row : rows) {
    const bool keeps_values =
        (row.key("data", "") == "tensors" && row.key("input", "float32") == "float32") ||
        row.step == Step::write_activations || !reads_items(row);
    if (!keeps_values) {
      product.push_back(row);
      continue;
    }
    const Combinations grown = times(
        Combinations{row}, options.storages,
        [](Combination& r, const std::string& name) { set_unless(r, "storage", name, "float32"); });
    product.insert(product.end(), grown.begin(), grown.end());
  }
  return product;
}

/// The memory layout of image networks; a text network has no tensor of four dimensions.
Combinations with_layouts(const Options& options, const Subject& subject,
                          const Combinations& rows) {
  if (subject.input != "images") return rows;
  return times(rows, options.layouts, [](Combination& row, const std::string& name) {
    set_unless(row, "layout", name, "contiguous");
  });
}

Combinations with_transfers(const Options& options, const Combinations& rows) {
  Combinations product;
  for (const Combination& row : rows) {
    // What a GPU decodes is not copied as a batch.
    if (!on_gpu(row) || is_gpu_decoder(row.key("decoder", ""))) {
      product.push_back(row);
      continue;
    }
    for (const std::string& name : options.transfers) {
      // Overlapped, copies always have a stream of their own: measured once, as `pinned`.
      const bool same = name == "pinned_async" && row.key("mode", "") == "overlapped" &&
                        std::find(options.transfers.begin(), options.transfers.end(), "pinned") !=
                            options.transfers.end();
      if (same) continue;
      product.push_back(row);
      set_unless(product.back(), "transfer", name, "pinned");
    }
  }
  return product;
}

/// Copies of weights to a GPU: of each tensor in turn from pageable memory, unless others are asked
/// for. Those from pinned memory always run beside the reading: one kind.
Combinations with_weight_transfers(const Options& options, const Combinations& rows) {
  Combinations product;
  for (const Combination& row : rows) {
    if (options.default_transfers || !on_gpu(row)) {
      product.push_back(row);
      continue;
    }
    for (const std::string& name : options.transfers) {
      product.push_back(row);
      if (name != "pageable") product.back().keys["transfer"] = "pinned";
    }
  }
  return product;
}

Combinations with_probes(const Options& options, const Combinations& rows) {
  return times(rows, options.probes, [](Combination& row, const std::string& name) {
    set_unless(row, "probe", name, "full_batch");
  });
}

Combination start_of(Step step, const Subject& subject) {
  Combination row;
  row.step = step;
  row.subject = subject.name;
  return row;
}

Combinations load_model_rows(const Options& options, const Subject& subject) {
  Combinations rows =
      with_configurations(options, on_devices(options, start_of(Step::load_model, subject)));
  rows = with_weight_transfers(options, with_text_network(options, subject, rows));
  rows = times(rows, options.page_caches, [](Combination& row, const std::string& name) {
    set_unless(row, "page_cache", name, "warm");
  });
  return times(rows, options.reads, [](Combination& row, const std::string& name) {
    set_unless(row, "read", name, "buffered");
  });
}

/// Kinds of tokenizers among the candidates, in their order.
std::vector<std::string> tokenizers_of(const Options& options) {
  std::vector<std::string> kinds;
  for (const ZooEntry& entry : options.zoo) {
    const std::string& kind = find_architecture(entry.architecture).tokens.tokenizer;
    if (!kind.empty() && std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) {
      kinds.push_back(kind);
    }
  }
  return kinds;
}

Combinations with_tokenizers(const Options& options, const Subject& subject,
                             const Combinations& rows) {
  if (subject.input != "text") return rows;
  return times(rows, tokenizers_of(options), [](Combination& row, const std::string& kind) {
    set_unless(row, "tokenizer", kind, "wordpiece");
  });
}

Combinations load_data_rows(const Options& options, const Subject& subject) {
  // Batches are complete in host memory, whatever device they go to next, unless a GPU decodes.
  Combination start = start_of(Step::load_data, subject);
  Combinations starts;
  std::set<std::int64_t> sizes;
  start.device = "cpu";
  starts.push_back(start);
  for (const std::string& device : options.devices) {
    const bool gpu = device != "cpu";
    for (const std::int64_t size : batch_sizes(options, gpu, true)) sizes.insert(size);
    start.device = device;
    if (gpu) starts.push_back(start);
  }
  Combinations rows = times(starts, data_of(options, subject), set_data);
  rows = times(rows, sizes, [](Combination& row, std::int64_t size) { row.batch = size; });
  rows = with_tokenizers(options, subject, with_text(options, subject, rows));
  rows = with_storages(options, with_loader(options, subject, rows));
  std::erase_if(rows, [](const Combination& row) {
    return on_gpu(row) != is_gpu_decoder(row.key("decoder", ""));
  });
  return rows;
}

Combinations data_to_device_rows(const Options& options, const Subject& subject) {
  Combinations rows;
  for (const Combination& row : on_devices(options, start_of(Step::data_to_device, subject))) {
    if (on_gpu(row)) rows.push_back(row);
  }
  rows = with_tokenizers(options, subject, with_text(options, subject, rows));
  rows = with_inputs(options, subject, rows);
  return with_batches(options, with_transfers(options, rows), true);
}

Combinations inference_rows(const Options& options, const Subject& subject) {
  Combinations rows =
      with_configurations(options, on_devices(options, start_of(Step::inference, subject)));
  rows = with_layouts(options, subject, with_text_network(options, subject, rows));
  rows = with_executions(options, with_arithmetic(options, rows));
  return with_batches(options, rows, true);
}

Combinations write_activations_rows(const Options& options, const Subject& subject) {
  Combinations tails;
  for (const Combination& row : with_configurations(
           options, on_devices(options, start_of(Step::write_activations, subject)))) {
    // `full` has no trunk, and a joint model's is that of the tail.
    const Configuration configuration = Configuration::parse(row.configuration);
    if (!configuration.reads_items()) tails.push_back(row);
  }
  tails = with_layouts(options, subject, with_text(options, subject, tails));
  tails = with_storages(options, tails);
  return with_batches(options, with_arithmetic(options, tails), false);
}

Combinations score_rows(const Options& options, const Subject& subject) {
  // Features of all configurations are equal, so one of them is scored.
  Combination start = start_of(Step::score, subject);
  start.configuration = "full";
  Combinations rows = on_devices(options, start);
  rows = times(rows, options.classes, [](Combination& row, std::int64_t classes) {
    set_unless(row, "classes", std::to_string(classes), "0");
  });
  rows = with_text_network(options, subject, rows);
  return with_arithmetic(options, with_probes(options, rows));
}

Combinations end_to_end_rows(const Options& options, const Subject& subject) {
  Combinations rows;
  for (const Combination& row :
       times(with_configurations(options, on_devices(options, start_of(Step::end_to_end, subject))),
             data_of(options, subject), set_data)) {
    // A tail reads activations, whatever they were computed from.
    if (!prepared(row) || Configuration::parse(row.configuration).reads_items()) {
      rows.push_back(row);
    }
  }
  rows = with_layouts(options, subject, with_text_network(options, subject, rows));
  rows = with_storages(options, with_loader(options, subject, with_arithmetic(options, rows)));
  rows = times(rows, options.modes,
               [](Combination& row, const std::string& mode) { row.keys["mode"] = mode; });
  if (options.default_workers) {
    // On a CPU the network computes while images are loaded, and takes some 50 times as long for
    // each: most cores are for LibTorch's threads, and the two must not take them from each other.
    for (Combination& row : rows) {
      if (on_gpu(row) || row.key("mode", "") != "overlapped") continue;
      const std::int64_t few = std::max<std::int64_t>(1, options.workers.front() / 16);
      row.keys["workers"] = std::to_string(few);
    }
  }
  rows = with_transfers(options, with_probes(options, rows));
  return with_batches(options, rows, true);
}

Combinations max_batch_size_rows(const Options& options, const Subject& subject) {
  Combinations rows =
      with_configurations(options, on_devices(options, start_of(Step::max_batch_size, subject)));
  rows = with_layouts(options, subject, with_text_network(options, subject, rows));
  rows = with_arithmetic(options, rows);
  if (options.memory_limit > 0) {
    for (Combination& row : rows) row.keys["memory_limit"] = options.memory_limit_text;
  }
  return rows;
}

/// Full networks: where their time goes, block by block.
Combinations blocks_rows(const Options& options, const Subject& subject) {
  Combination start = start_of(Step::blocks, subject);
  start.configuration = "full";
  Combinations rows = on_devices(options, start);
  rows = with_layouts(options, subject, with_text_network(options, subject, rows));
  return with_batches(options, with_arithmetic(options, rows), false);
}

/// A step: its axes and its fixture. To add one: its file, and one line here.
struct StepEntry {
  Step step;
  bool per_network;  ///< one subject per candidate, else per kind of input
  Combinations (*rows)(const Options&, const Subject& subject);
  std::unique_ptr<StepFixture> (*make)(Session&, const Combination&);
};

constexpr std::array<StepEntry, 9> step_table{{
    {Step::load_model, true, load_model_rows, make_load_model},
    {Step::load_data, false, load_data_rows, make_load_data},
    {Step::data_to_device, false, data_to_device_rows, make_data_to_device},
    {Step::inference, true, inference_rows, make_inference},
    {Step::write_activations, true, write_activations_rows, make_write_activations},
    {Step::score, true, score_rows, make_score},
    {Step::end_to_end, true, end_to_end_rows, make_end_to_end},
    {Step::max_batch_size, true, max_batch_size_rows, make_max_batch_size},
    {Step::blocks, true, blocks_rows, make_blocks},
}};

const StepEntry& entry_of(Step step) {
  return step_table[static_cast<std::size_t>(step)];
}

/// Kinds of input that the candidates take, images first.
std::vector<Subject> inputs_of(const Options& options) {
  std::vector<Subject> subjects;
  for (const char* input : {"images", "text"}) {
    for (const ZooEntry& entry : options.zoo) {
      if (find_architecture(entry.architecture).input != input) continue;
      subjects.push_back({input, input});
      break;
    }
  }
  return subjects;
}

std::vector<Subject> candidates_of(const Options& options) {
  std::vector<Subject> subjects;
  for (const ZooEntry& entry : options.zoo) {
    subjects.push_back({entry.name, find_architecture(entry.architecture).input});
  }
  return subjects;
}

bool selected(const Options& options, Step step) {
  for (const std::string& name : options.steps) {
    if (name == step_name(step).name) return true;
  }
  return false;
}

}  // namespace

std::vector<Combination> combinations(const Options& options) {
  Combinations all;
  std::set<std::string> names;
  for (const StepEntry& entry : step_table) {
    if (!selected(options, entry.step)) continue;
    for (const Subject& subject : entry.per_network ? candidates_of(options) : inputs_of(options)) {
      for (Combination& row : entry.rows(options, subject)) {
        // A value given twice is measured once.
        if (names.insert(row.name()).second) all.push_back(std::move(row));
      }
    }
  }
  return all;
}

void register_combinations(const std::vector<Combination>& combinations, Session& session) {
  for (const Combination& row : combinations) {
    const std::shared_ptr<StepFixture> fixture = entry_of(row.step).make(session, row);
    session.fixtures.push_back(fixture);
    auto* registered = benchmark::RegisterBenchmark(
        row.family().c_str(), [fixture](benchmark::State& state) { fixture->Run(state); });
    if (row.batch > 0) registered->ArgName("batch")->Arg(row.batch);
    registered->UseManualTime()->Unit(benchmark::kMillisecond);
  }
}

std::vector<Combination> filtered(const std::vector<Combination>& combinations,
                                  const std::string& filter) {
  if (filter.empty() || filter == "all") return combinations;
  const bool inverted = filter.front() == '-';
  try {
    const std::regex pattern(inverted ? filter.substr(1) : filter, std::regex::extended);
    std::vector<Combination> kept;
    for (const Combination& row : combinations) {
      if (std::regex_search(row.name(), pattern) != inverted) kept.push_back(row);
    }
    return kept;
  } catch (const std::regex_error& error) {
    throw std::invalid_argument("--benchmark_filter=" + filter +
                                " is no regular expression: " + error.what());
  }
}

}  // namespace model_search
