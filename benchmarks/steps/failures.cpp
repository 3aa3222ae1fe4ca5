// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/steps/failures.h"

#include <c10/util/Exception.h>

#include <exception>
#include <new>

#include "datasets/loading/damaged_file.h"
#include "datasets/text/printable.h"

namespace model_search {
namespace {

/// The message without the C++ stack that LibTorch appends to some.
std::string first_lines(const std::string& text) {
  const std::size_t stack = text.find("\nException raised from");
  std::string message = text.substr(0, stack);
  while (!message.empty() && message.back() == '\n') message.pop_back();
  return printable(message);
}

/// What else is damaged; empty where that cannot be found out.
std::string others_of(const DamagedFile& error, DataSets& data) {
  try {
    return data.describe_damage(error);
  } catch (const std::exception&) {
    return {};
  }
}

}  // namespace

std::string describe_failure(const Combination& row, DataSets& data) {
  try {
    throw;
  } catch (const c10::OutOfMemoryError& error) {
    return "out of memory on " + row.device + ": " + first_lines(error.what_without_backtrace());
  } catch (const c10::Error& error) {
    return first_lines(error.what_without_backtrace());
  } catch (const std::bad_alloc&) {
    return "out of host memory";
  } catch (const DamagedFile& error) {
    return first_lines(error.what() + others_of(error, data));
  } catch (const std::exception& error) {
    return first_lines(error.what());
  }
}

}  // namespace model_search
