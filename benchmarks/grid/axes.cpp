// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/grid/axes.h"

#include <algorithm>
#include <array>

#include "fixtures/devices/gpu_decoder.h"
#include "fixtures/models/architecture.h"
#include "fixtures/models/configuration.h"

namespace model_search {
namespace {

/// Whether a row reads a data set's items, prepared or not, rather than activations at a cut.
bool reads_items(const Combination& row) {
  return row.configuration.empty() || Configuration::parse(row.configuration).reads_items();
}

bool reads_files(const Combination& row) {
  return reads_items(row) && !prepared(row);
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

}  // namespace

bool on_gpu(const Combination& row) {
  return row.device != "cpu";
}

Combinations on_devices(const Options& options, const Combination& start) {
  return times(Combinations{start}, options.devices,
               [](Combination& row, const std::string& device) { row.device = device; });
}

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

Combinations with_text_network(const Options& options, const Subject& subject,
                               const Combinations& rows) {
  if (subject.input != "text") return rows;
  return times(
      with_text(options, subject, rows), options.poolings,
      [](Combination& row, const std::string& name) { set_unless(row, "pooling", name, "cls"); });
}

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

Combinations with_tokenizers(const Options& options, const Subject& subject,
                             const Combinations& rows) {
  if (subject.input != "text") return rows;
  return times(rows, tokenizers_of(options), [](Combination& row, const std::string& kind) {
    set_unless(row, "tokenizer", kind, "wordpiece");
  });
}

}  // namespace model_search
