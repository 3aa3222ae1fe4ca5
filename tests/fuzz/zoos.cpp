// SPDX-License-Identifier: Apache-2.0
// Lists of candidates with their configs.
#include "fixtures/searching/zoo.h"
#include "tests/fuzz/input.h"

using namespace model_search;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  must_end([&] { (void)read_zoo(write_scratch("zoo.json", text_of(data, size)), 0); });
  return 0;
}
