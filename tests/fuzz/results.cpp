// SPDX-License-Identifier: Apache-2.0
// Files of results that --resume continues.
#include "benchmarks/results/result_file.h"
#include "tests/fuzz/input.h"

using namespace model_search;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto path = write_scratch("rows.json", text_of(data, size));
  must_end([&] { (void)read_earlier_results(path, /*retry_failed=*/true); });
  return 0;
}
