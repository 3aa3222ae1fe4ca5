// SPDX-License-Identifier: Apache-2.0
// What a GPU's decoder must know of a JPEG beforehand.
#include "datasets/images/jpeg_header.h"
#include "tests/fuzz/input.h"

using namespace model_search;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  must_end([&] { (void)read_jpeg_header(bytes_of(data, size)); });
  return 0;
}
