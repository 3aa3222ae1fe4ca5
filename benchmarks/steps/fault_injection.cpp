// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/steps/fault_injection.h"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <new>
#include <stdexcept>
#include <thread>

#include "datasets/loading/waits.h"

namespace model_search {
namespace {

bool lost = false;

}  // namespace

void inject_fault(const std::string& benchmark) {
  const char* variable = std::getenv("MODEL_SEARCH_FAULT");
  if (variable == nullptr) return;
  const std::string text = variable;
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos || benchmark.find(text.substr(colon + 1)) == std::string::npos) {
    return;
  }
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
  throw std::invalid_argument("MODEL_SEARCH_FAULT=" + text +
                              " is an unknown fault; choices: error, out_of_memory, kill, "
                              "lost_device, hang, block_disk, block_decoder, block_device");
}

bool simulated_loss() {
  return lost;
}

}  // namespace model_search
