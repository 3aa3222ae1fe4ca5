// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/workers/presence.h"

#include <limits>
#include <string>
#include <utility>

namespace model_search {
namespace {

/// Makes a count of beats negative for ever: the worker has left.
constexpr std::int64_t departure = std::numeric_limits<std::int64_t>::min() / 2;

std::string beats_of(std::int64_t worker) {
  return "beats/" + std::to_string(worker);
}

}  // namespace

Presence::Presence(SharedKeys& keys, double silence, Seconds now)
    : keys_(keys), silence_(silence), now_(std::move(now)) {}

void Presence::join(std::optional<std::int64_t> number) {
  worker_ = number ? *number : keys_.add("workers", 1) - 1;
  beat();
}

void Presence::beat() {
  keys_.add(beats_of(worker_), 1);
}

void Presence::leave() {
  keys_.add(beats_of(worker_), departure);
}

std::int64_t Presence::joined() {
  return keys_.add("workers", 0);
}

std::int64_t Presence::beats(std::int64_t worker) {
  return keys_.add(beats_of(worker), 0);
}

bool Presence::lives(std::int64_t worker) {
  if (worker == worker_) return true;
  const std::int64_t beats = this->beats(worker);
  if (beats < 0) return false;
  const double now = now_();
  const auto [sight, first] = sights_.try_emplace(worker, Sight{beats, now});
  if (!first && sight->second.beats != beats) sight->second = {beats, now};
  return now - sight->second.changed <= silence_;
}

std::size_t Presence::others() {
  const std::int64_t workers = joined();
  std::size_t count = 0;
  for (std::int64_t worker = 0; worker < workers; ++worker) {
    if (worker != worker_ && lives(worker)) ++count;
  }
  return count;
}

}  // namespace model_search
