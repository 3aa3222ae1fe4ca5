// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/grid/presets.h"

#include <array>

namespace model_search {

std::span<const Preset> presets() {
  static const std::array<Preset, 2> table{
      Preset{"study",
             "the original study's set-up",
             {{&axes().mode, "prefetch"},
              {&axes().transfer, "pageable"},
              {&axes().workers, "8"},
              {&axes().batch, "32,128,512,1024"}}},
      Preset{"cpu", "the CPU only", {{&axes().device, "cpu"}, {&axes().batch, "1,8,32"}}},
  };
  return table;
}

}  // namespace model_search
