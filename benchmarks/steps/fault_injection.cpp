// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/steps/fault_injection.h"

#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <new>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <thread>

#include "datasets/loading/waits.h"
#include "fixtures/devices/simulated_failure.h"
#include "fixtures/measuring/simulated_delay.h"

namespace model_search {
namespace {

constexpr std::string_view slow = "slow=";

constexpr std::string_view device_failure = "device_failure=";
constexpr std::string_view load_failure = "device_load_failure=";

bool lost = false;

/// The device in `device_failure=<number or all>` or `device_load_failure=<number or all>`.
SimulatedFailure failing_device(const std::string& kind) {
  const bool loading = kind.starts_with(load_failure);
  const std::string text = kind.substr(kind.find('=') + 1);
  if (text == "all") return {.loading = loading};
  std::size_t device = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), device);
  if (error != std::errc() || rest != text.data() + text.size()) {
    throw std::invalid_argument("MODEL_SEARCH_FAULT: '" + kind +
                                "' needs the number of a device of the set, from 0, or all");
  }
  return {device, loading};
}

/// The share in `slow=<share>`.
double share_of(const std::string& kind) {
  double share = 0;
  const char* const end = kind.data() + kind.size();
  const auto [rest, error] = std::from_chars(kind.data() + slow.size(), end, share);
  // The comparison is negated, so that a NaN fails.
  if (error != std::errc() || rest != end || !(share > 0 && share <= 10)) {
    throw std::invalid_argument("MODEL_SEARCH_FAULT: '" + kind +
                                "' needs a share above 0 and up to 10, such as slow=0.05");
  }
  return share;
}

}  // namespace

void inject_fault(const std::string& benchmark) {
  const char* variable = std::getenv("MODEL_SEARCH_FAULT");
  if (variable == nullptr) return;
  simulate_delay(0);  // The row before this one may have been slow, or have lost devices.
  simulate_device_failure(std::nullopt);
  const std::string text = variable;
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos) {
    throw std::invalid_argument("MODEL_SEARCH_FAULT=" + text +
                                " is not <kind>:<part of a benchmark's name>");
  }
  if (benchmark.find(text.substr(colon + 1)) == std::string::npos) return;
  const std::string kind = text.substr(0, colon);
  if (kind == "error") throw std::runtime_error("simulated error");
  if (kind == "out_of_memory") throw std::bad_alloc();
  if (kind == "kill") (void)std::raise(SIGKILL);
  if (kind == "lost_device") {
    lost = true;
    throw std::runtime_error("simulated loss of the device");
  }
  while (kind == "hang") std::this_thread::sleep_for(std::chrono::hours(1));
  if (kind == "block_disk") return simulate_endless_wait("reading");
  if (kind == "block_decoder") return simulate_endless_wait("decoding");
  if (kind == "block_device") return simulate_endless_wait("waiting for the device");
  if (kind.starts_with(slow)) return simulate_delay(share_of(kind));
  if (kind.starts_with(device_failure) || kind.starts_with(load_failure)) {
    return simulate_device_failure(failing_device(kind));
  }
  throw std::invalid_argument("MODEL_SEARCH_FAULT=" + text +
                              " is an unknown fault; choices: error, out_of_memory, kill, "
                              "lost_device, hang, block_disk, block_decoder, block_device, "
                              "slow=<share>, device_failure=<number or all>, "
                              "device_load_failure=<number or all>");
}

bool simulated_loss() {
  return lost;
}

}  // namespace model_search
