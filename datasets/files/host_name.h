// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace model_search {

/// This machine's name as the system has it; empty where it has none.
[[nodiscard]] std::string host_name();
/// The same without its domain.
[[nodiscard]] std::string short_host_name();

}  // namespace model_search
