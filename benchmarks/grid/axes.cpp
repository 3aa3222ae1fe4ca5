// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/grid/axes.h"

namespace model_search {

const Axes& axes() {
  static const Axes table;
  return table;
}

bool prepared(const Combination& row) {
  return row.has(axes().data) && (row.is(axes().data, "tensors") || row.is(axes().data, "tokens"));
}

}  // namespace model_search
