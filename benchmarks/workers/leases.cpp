// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/workers/leases.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <sstream>
#include <utility>

#include "datasets/files/fingerprint.h"

namespace model_search {
namespace {

const std::string free_state = "-";
const std::string done_state = "+";

std::vector<std::string> split(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

std::string text_of(const std::vector<std::string>& states) {
  std::string text;
  for (const std::string& state : states) text += (text.empty() ? "" : " ") + state;
  return text;
}

/// The worker that has the row; empty for a row that is free or done.
std::optional<std::int64_t> owner_of(const std::string& state) {
  std::int64_t worker = 0;
  const char* const end = state.data() + state.size();
  const auto read = std::from_chars(state.data(), end, worker);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return worker;
}

}  // namespace

Leases::Leases(SharedKeys& keys, Presence& workers, const std::vector<RowCost>& rows)
    : keys_(keys), workers_(workers) {
  std::map<std::string, std::size_t> numbers;
  Fingerprint grid;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const auto [found, fresh] = numbers.try_emplace(rows[row].group, groups_.size());
    if (fresh) groups_.emplace_back();
    Group& group = groups_[found->second];
    places_.push_back({found->second, group.rows.size()});
    group.rows.push_back(row);
    seconds_.push_back(rows[row].seconds);
    grid.add(rows[row].name);
    grid.add(rows[row].group);
  }
  for (std::size_t number = 0; number < groups_.size(); ++number) {
    Group& group = groups_[number];
    group.key = "rows/" + grid.hex() + "/" + std::to_string(number);
    keys_.replace(group.key, "", text_of(States(group.rows.size(), free_state)));
  }
}

Leases::Next Leases::take() {
  std::vector<std::string> keys;
  for (const Group& group : groups_) keys.push_back(group.key);
  while (true) {
    const std::vector<std::string> texts = keys_.read(keys);
    std::vector<States> states;
    Next next;
    std::set<std::int64_t> owners{workers_.worker()};
    std::set<std::int64_t> dead;
    for (const std::string& text : texts) {
      States& group = states.emplace_back(split(text));
      for (std::string& state : group) {
        if (state != done_state) ++next.left;
        const auto owner = owner_of(state);
        if (!owner || owners.contains(*owner) || dead.contains(*owner)) continue;
        (workers_.lives(*owner) ? owners : dead).insert(*owner);
      }
    }
    next.workers = owners.size();
    const auto available = [&](const std::string& state) {
      const auto owner = owner_of(state);
      return state == free_state || (owner && dead.contains(*owner));
    };
    const auto choice = choose(states, available);
    if (!choice) return next;
    const std::string before = states[choice->group][choice->index];
    states[choice->group][choice->index] = std::to_string(workers_.worker());
    const std::string desired = text_of(states[choice->group]);
    const Group& group = groups_[choice->group];
    // Another worker was faster: look again.
    if (keys_.replace(group.key, texts[choice->group], desired) != desired) continue;
    last_group_ = choice->group;
    next.row = group.rows[choice->index];
    next.taken_back_of = owner_of(before);
    return next;
  }
}

std::optional<Leases::Choice> Leases::choose(const std::vector<States>& states,
                                             const Available& available) const {
  std::optional<std::size_t> best;
  std::pair<bool, double> most;  // whether nobody works on the group, and the seconds to do
  for (std::size_t group = 0; group < states.size(); ++group) {
    double seconds = 0;
    bool taken = false;
    for (std::size_t i = 0; i < states[group].size(); ++i) {
      const std::string& state = states[group][i];
      if (available(state)) {
        seconds += seconds_[groups_[group].rows[i]];
      } else if (state != done_state) {
        taken = true;
      }
    }
    if (seconds <= 0) continue;
    if (last_group_ == group) return in_group(group, states[group], available, /*longest=*/false);
    if (best && most >= std::pair(!taken, seconds)) continue;
    best = group;
    most = {!taken, seconds};
  }
  if (!best) return std::nullopt;
  return in_group(*best, states[*best], available, /*longest=*/!most.first);
}

Leases::Choice Leases::in_group(std::size_t group, const States& states, const Available& available,
                                bool longest) const {
  const std::vector<std::size_t>& rows = groups_[group].rows;
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < states.size(); ++i) {
    if (!available(states[i])) continue;
    if (!best || (longest && seconds_[rows[i]] > seconds_[rows[*best]])) best = i;
  }
  return {group, best.value()};
}

void Leases::change(std::size_t group, const std::function<void(States& states)>& change) {
  const std::string& key = groups_[group].key;
  std::string text = keys_.read({key}).front();
  while (true) {
    States states = split(text);
    change(states);
    const std::string desired = text_of(states);
    if (desired == text) return;
    std::string now = keys_.replace(key, text, desired);
    if (now == desired) return;
    text = std::move(now);
  }
}

bool Leases::finish(std::size_t row) {
  const Place place = places_.at(row);
  std::string before;
  change(place.group,
         [&](States& states) { before = std::exchange(states.at(place.index), done_state); });
  return before == std::to_string(workers_.worker());
}

void Leases::give_back(std::size_t row) {
  const Place place = places_.at(row);
  const std::string own = std::to_string(workers_.worker());
  change(place.group, [&](States& states) {
    std::string& state = states.at(place.index);
    if (state == own) state = free_state;
  });
}

void Leases::note_done(const std::vector<std::size_t>& rows) {
  std::map<std::size_t, std::vector<std::size_t>> indices;  // by group
  for (const std::size_t row : rows) indices[places_.at(row).group].push_back(places_[row].index);
  for (const auto& [group, done] : indices) {
    change(group, [&done = done](States& states) {
      for (const std::size_t index : done) states.at(index) = done_state;
    });
  }
}

}  // namespace model_search
