// SPDX-License-Identifier: Apache-2.0
// Headers of safetensors files: the first two bytes are the number of the tensors' bytes.
#include "fixtures/weights/safetensors_header.h"
#include "tests/fuzz/input.h"

using namespace model_search;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::uint64_t bytes = data[0] + std::uint64_t{256} * data[1];
  must_end([&] {
    const auto header = parse_safetensors_header(text_of(data + 2, size - 2), bytes);
    for (const auto& [name, entry] : header.entries) {
      if (entry.begin + entry.bytes > bytes) __builtin_trap();
    }
  });
  return 0;
}
