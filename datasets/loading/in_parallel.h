// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>

namespace model_search {

/// Calls `work(i)` once for each i below `count`, on up to `threads` threads, including the
/// caller's. After a failure no further call begins; once the others are done, the first exception
/// is thrown.
void in_parallel(std::size_t count, std::size_t threads,
                 const std::function<void(std::size_t)>& work);

}  // namespace model_search
