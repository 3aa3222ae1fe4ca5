// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/steps/loader_counters.h"

namespace model_search {

std::vector<Counter> loader_counters() {
  return {
      {"storage_thread_seconds", "s", "lower",
       "seconds of all of the loader's threads per batch in reading files"},
      {"decode_thread_seconds", "s", "lower",
       "seconds of all of the loader's threads per batch in decoding"},
      {"preprocess_thread_seconds", "s", "lower",
       "seconds of all of the loader's threads per batch in resizing and normalizing"},
      {"tokenize_thread_seconds", "s", "lower",
       "seconds of all of the loader's threads per batch in tokenizing"},
      {"wait_thread_seconds", "s", "lower",
       "seconds of all of the loader's threads per batch in waiting: for the consumer, and with "
       "mode=serial for the other steps"},
  };
}

void add_loader_use(Row& row, const LoaderUse& use, ItemContent content, std::size_t batches) {
  const auto add = [&](const char* counter, double seconds) {
    row.counters[counter] = seconds / static_cast<double>(batches);
  };
  add("storage_thread_seconds", use.read.storage);
  add("wait_thread_seconds", use.waiting);
  switch (content) {
    case ItemContent::tokens:
      add("tokenize_thread_seconds", use.read.decode);
      break;
    case ItemContent::pixels:
    case ItemContent::values:
      add("decode_thread_seconds", use.read.decode);
      add("preprocess_thread_seconds", use.read.preprocess);
      break;
    case ItemContent::files:
      if (use.read.decode == 0) break;  // All files were left to a GPU.
      add("decode_thread_seconds", use.read.decode);
      add("preprocess_thread_seconds", use.read.preprocess);
      break;
    case ItemContent::activations:
      break;
  }
}

}  // namespace model_search
