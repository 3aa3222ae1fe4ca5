// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/workers/pulled_rows.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <future>
#include <map>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "datasets/text/printable.h"

namespace model_search {
namespace {

double steady_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

Presence joined_presence(SharedKeys& keys, std::optional<std::int64_t> number, double silence) {
  Presence workers(keys, silence, steady_seconds);
  workers.join(number);
  return workers;
}

std::string lines_of(const Facts& facts) {
  std::string text;
  for (const auto& [name, value] : facts) text += name + "\t" + value + "\n";
  return text;
}

/// The values by name of lines_of().
std::map<std::string, std::string> facts_in(std::string_view text) {
  std::map<std::string, std::string> facts;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    const std::size_t tab = std::min(line.find('\t'), line.size());
    facts[std::string(line.substr(0, tab))] = line.substr(std::min(tab + 1, line.size()));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return facts;
}

/// "option_batches: '50', here '3'; and 2 more".
std::string differences(const std::map<std::string, std::string>& theirs,
                        const std::map<std::string, std::string>& ours) {
  std::map<std::string, std::string> all = theirs;
  all.insert(ours.begin(), ours.end());
  constexpr std::size_t shown = 3;
  std::string text;
  std::size_t count = 0;
  const auto value_in = [](const auto& facts, const std::string& name) {
    const auto found = facts.find(name);
    return found == facts.end() ? std::string("missing") : "'" + found->second + "'";
  };
  for (const auto& [name, value] : all) {
    const std::string one = value_in(theirs, name);
    const std::string other = value_in(ours, name);
    if (one == other || ++count > shown) continue;
    text += (text.empty() ? "" : "; ") + name + ": " + one + ", here " + other;
  }
  if (count > shown) text += "; and " + std::to_string(count - shown) + " more";
  return text;
}

}  // namespace

PulledRows::Shared::Shared(std::unique_ptr<SharedKeys> store, std::optional<std::int64_t> number,
                           const std::vector<RowCost>& costs, double silence)
    : keys(std::move(store)),
      workers(joined_presence(*keys, number, silence)),
      leases(*keys, workers, costs) {}

std::optional<std::size_t> PulledRows::Shared::put_down() {
  const std::lock_guard lock(mutex);
  return std::exchange(in_hand, std::nullopt);
}

PulledRows::PulledRows(std::unique_ptr<SharedKeys> keys, std::optional<std::int64_t> number,
                       bool hosts, const Combinations& rows, const std::vector<RowCost>& costs,
                       double silence)
    : shared_(std::make_shared<Shared>(std::move(keys), number, costs, silence)),
      rows_(rows),
      hosts_(hosts),
      signs_([this](const std::stop_token& stop) { give_signs(stop); }) {}

PulledRows::~PulledRows() {
  signs_.request_stop();
  if (left_) shared_->keys->give_up();  // A sign of life may wait for an answer.
  signs_.join();
  if (left_) return;
  try {
    shared_->workers.leave();
  } catch (const StoreError&) {
    // Others notice the silence.
  }
}

void PulledRows::give_signs(const std::stop_token& stop) {
  std::mutex mutex;
  std::unique_lock lock(mutex);
  std::condition_variable_any never;
  const std::chrono::duration<double> interval(shared_->workers.silence() / 6);
  while (!never.wait_for(lock, stop, interval, [&] { return stop.stop_requested(); })) {
    try {
      shared_->workers.beat();
    } catch (const StoreError&) {
      return;  // The row in hand goes on; the next call from outside meets the same error.
    }
  }
}

void PulledRows::pause() const {
  std::this_thread::sleep_for(
      std::chrono::duration<double>(std::min(0.3, shared_->workers.silence() / 10)));
}

std::string PulledRows::take_name(const std::string& rank, const std::string& host, bool resumes) {
  const std::string own = std::to_string(shared_->workers.worker());
  if (rank.empty()) {
    for (std::size_t number = 0;; ++number) {
      const std::string name = host + "-" + std::to_string(number);
      if (shared_->keys->replace("names/" + name, "", own) == own) return name;
    }
  }
  const std::string key = "names/" + rank;
  while (true) {
    const std::string holder = shared_->keys->replace(key, "", own);
    if (holder == own) return rank;
    const std::int64_t worker = std::stoll(holder);
    if (!resumes) {
      throw std::invalid_argument("a worker of the name " + rank +
                                  " has joined this store before; give --resume to go on with its "
                                  "file, or another store");
    }
    // It counts as dead when it has been silent for long enough, and as alive after any sign.
    const std::int64_t beats = shared_->workers.beats(worker);
    while (shared_->workers.lives(worker)) {
      if (shared_->workers.beats(worker) > beats) {
        throw std::invalid_argument("another living worker of this store has the name " + rank +
                                    "; give every worker a rank of its own");
      }
      pause();
    }
    if (shared_->keys->replace(key, holder, own) == own) return rank;
  }
}

void PulledRows::agree(const Facts& facts) {
  const std::string ours = lines_of(facts);
  const std::string theirs = shared_->keys->replace("run", "", ours);
  if (theirs == ours) return;
  throw std::invalid_argument("the store belongs to another run (" +
                              differences(facts_in(theirs), facts_in(ours)) +
                              "); give every worker the same program, data and flags, or another "
                              "port");
}

void PulledRows::note_done(const std::set<std::string>& names) {
  std::vector<std::size_t> done;
  for (std::size_t row = 0; row < rows_.size(); ++row) {
    if (names.contains(rows_[row].name())) done.push_back(row);
  }
  shared_->leases.note_done(done);
}

std::optional<Combination> PulledRows::next(const std::function<bool()>& interrupted) {
  bool said = false;
  while (!interrupted()) {
    const Leases::Next next = shared_->leases.take();
    expected_here_ = (next.left + next.workers - 1) / next.workers;
    if (next.row) {
      const std::lock_guard lock(shared_->mutex);
      shared_->in_hand = next.row;
      if (next.taken_back_of) {
        note("The lease of " + rows_[*next.row].name() + " is taken back: worker " +
             std::to_string(*next.taken_back_of) + " has ended or gives no sign of life.");
      }
      return rows_[*next.row];
    }
    if (next.left == 0) {
      all_done_ = true;
      return std::nullopt;
    }
    if (!said) {
      note(next.left == 1 ? "Waiting for the last row, which another worker measures."
                          : "Waiting for the last " + std::to_string(next.left) +
                                " rows, which others measure.");
    }
    said = true;
    pause();
  }
  return std::nullopt;
}

void PulledRows::finish() {
  const std::optional<std::size_t> row = shared_->put_down();
  if (!row || shared_->leases.finish(*row)) return;
  note("The lease of " + rows_[*row].name() +
       " was taken back while this worker measured it; tools/merge.py keeps one of its rows.");
}

void PulledRows::abandon() noexcept {
  left_ = true;
  try {
    auto done = std::make_shared<std::promise<void>>();
    std::future<void> ended = done->get_future();
    // The store may not answer any more, and this process has to end.
    std::thread([shared = shared_, done] {
      try {
        if (const auto row = shared->put_down()) shared->leases.give_back(*row);
        shared->workers.leave();
      } catch (const std::exception&) {
        // Others take the lease back when this worker is silent.
      }
      done->set_value();
    }).detach();
    (void)ended.wait_for(std::chrono::seconds(2));
  } catch (const std::exception&) {
    // As above.
  }
}

void PulledRows::leave(std::size_t expected) {
  const double begin = steady_seconds();
  const auto late = [&] {
    return shared_->workers.joined() < static_cast<std::int64_t>(expected) &&
           steady_seconds() - begin < shared_->workers.silence();
  };
  const bool waits = hosts_ && all_done_;
  while (waits && (shared_->workers.others() > 0 || late())) pause();
  shared_->workers.leave();
  left_ = true;
}

}  // namespace model_search
