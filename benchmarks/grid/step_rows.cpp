// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/grid/step_rows.h"

#include <algorithm>
#include <set>

#include "fixtures/devices/gpu_decoder.h"
#include "fixtures/models/configuration.h"

namespace model_search {
namespace {

Combination start_of(Step step, const Subject& subject) {
  Combination row;
  row.step = step;
  row.subject = subject.name;
  return row;
}

}  // namespace

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

Combinations blocks_rows(const Options& options, const Subject& subject) {
  Combination start = start_of(Step::blocks, subject);
  start.configuration = "full";
  Combinations rows = on_devices(options, start);
  rows = with_layouts(options, subject, with_text_network(options, subject, rows));
  return with_batches(options, with_arithmetic(options, rows), false);
}

}  // namespace model_search
