// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "benchmarks/grid/combination.h"
#include "benchmarks/grid/options.h"

namespace model_search {

using Combinations = std::vector<Combination>;

/// What rows are about: a candidate, or the items of a kind of input ("images", "text").
struct Subject {
  std::string name;
  std::string input;
};

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
inline void set_unless(Combination& row, const std::string& key, const std::string& value,
                       const std::string& standard) {
  if (value != standard) row.keys[key] = value;
}

[[nodiscard]] bool on_gpu(const Combination& row);

/// What of a kind of input is read: its files, or items prepared beforehand.
[[nodiscard]] std::vector<std::string> data_of(const Options& options, const Subject& subject);

/// Says that a row reads items prepared beforehand, where it does.
void set_data(Combination& row, const std::string& name);

/// Whether it does.
[[nodiscard]] bool prepared(const Combination& row);

/// Of a device, as given or by default; `sweep`: several.
[[nodiscard]] std::vector<std::int64_t> batch_sizes(const Options& options, bool gpu, bool sweep);

// An axis: each multiplies rows by its values. It leaves rows alone that it says nothing of, and
// leaves out values that a row cannot have: a GPU's decoder or execution on a CPU.

/// A row on each device.
[[nodiscard]] Combinations on_devices(const Options& options, const Combination& start);

/// Configurations; the joint ones by their numbers of heads.
[[nodiscard]] Combinations with_configurations(const Options& options, const Combinations& rows);

/// How texts become items, which all steps that take texts depend on; nothing for images.
[[nodiscard]] Combinations with_text(const Options& options, const Subject& subject,
                                     const Combinations& rows);

/// As with_text(), and how the network's tokens become features.
[[nodiscard]] Combinations with_text_network(const Options& options, const Subject& subject,
                                             const Combinations& rows);

/// Threads on a CPU, precision on a GPU: the settings of LibTorch's arithmetic.
[[nodiscard]] Combinations with_arithmetic(const Options& options, const Combinations& rows);

/// How the host gives a network's work to a GPU; a CPU runs it eagerly.
[[nodiscard]] Combinations with_executions(const Options& options, const Combinations& rows);

/// `sweep`: over several sizes unless they were given.
[[nodiscard]] Combinations with_batches(const Options& options, const Combinations& rows,
                                        bool sweep);

/// The form in which images are loaded: pixels of 8 bits are normalised on a GPU.
[[nodiscard]] Combinations with_inputs(const Options& options, const Subject& subject,
                                       const Combinations& rows);

/// Decoders, the form of images, workers, and the state of the page cache.
[[nodiscard]] Combinations with_loader(const Options& options, const Subject& subject,
                                       const Combinations& rows);

/// The element type of activations and tensors that are kept in files.
[[nodiscard]] Combinations with_storages(const Options& options, const Combinations& rows);

/// The memory layout of image networks; a text network has no tensor of four dimensions.
[[nodiscard]] Combinations with_layouts(const Options& options, const Subject& subject,
                                        const Combinations& rows);

/// Copies of batches to a GPU.
[[nodiscard]] Combinations with_transfers(const Options& options, const Combinations& rows);

/// Copies of weights to a GPU: of each tensor in turn from pageable memory, unless others are asked
/// for. Those from pinned memory always run beside the reading: one kind.
[[nodiscard]] Combinations with_weight_transfers(const Options& options, const Combinations& rows);

/// Proxy scores.
[[nodiscard]] Combinations with_probes(const Options& options, const Combinations& rows);

/// Kinds of tokenizers among the candidates; nothing for images.
[[nodiscard]] Combinations with_tokenizers(const Options& options, const Subject& subject,
                                           const Combinations& rows);

}  // namespace model_search
