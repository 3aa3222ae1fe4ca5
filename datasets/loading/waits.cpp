// SPDX-License-Identifier: Apache-2.0
#include "datasets/loading/waits.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <tuple>

namespace model_search {
namespace {

using Clock = std::chrono::steady_clock;

struct ThreadName {
  std::string_view role = "another thread";
  std::optional<std::size_t> number;
};
thread_local ThreadName thread_name;

std::atomic<Clock::time_point> progress{Clock::now()};
std::atomic<const char*> endless{nullptr};

/// "0, 2 to 5": ascending numbers.
std::string ranges(const std::vector<std::size_t>& numbers) {
  std::string text;
  for (std::size_t i = 0; i < numbers.size();) {
    std::size_t last = i;
    while (last + 1 < numbers.size() && numbers[last + 1] == numbers[last] + 1) ++last;
    text += (text.empty() ? "" : ", ") + std::to_string(numbers[i]);
    if (last > i) text += " to " + std::to_string(numbers[last]);
    i = last + 1;
  }
  return text;
}

}  // namespace

/// The waits of all threads. It is global like the threads themselves: a watcher must see a wait
/// wherever it happens.
struct WaitList {
  std::mutex mutex;  // guards the list, its members' links included
  Wait* first = nullptr;

  void add(Wait& wait) {
    const std::lock_guard lock(mutex);
    wait.next_ = first;
    if (first != nullptr) first->previous_ = &wait;
    first = &wait;
  }
  void remove(const Wait& wait) {
    const std::lock_guard lock(mutex);
    (wait.previous_ != nullptr ? wait.previous_->next_ : first) = wait.next_;
    if (wait.next_ != nullptr) wait.next_->previous_ = wait.previous_;
  }
  std::vector<ThreadWait> innermost() {
    // A later wait stands before earlier ones, so a thread's first one is the innermost.
    std::map<std::thread::id, ThreadWait> waits;
    const std::lock_guard lock(mutex);
    for (const Wait* wait = first; wait != nullptr; wait = wait->next_) {
      waits.try_emplace(wait->thread_, ThreadWait{.role = std::string(wait->role_),
                                                  .number = wait->number_,
                                                  .what = std::string(wait->what_),
                                                  .object = std::string(wait->object_),
                                                  .seconds = wait->clock_.seconds(),
                                                  .thread = wait->thread_});
    }
    std::vector<ThreadWait> list;
    for (auto& [thread, wait] : waits) list.push_back(std::move(wait));
    return list;
  }
};

namespace {

WaitList list;

}  // namespace

Wait::Wait(std::string_view what, std::string_view object)
    : what_(what),
      object_(object),
      thread_(std::this_thread::get_id()),
      role_(thread_name.role),
      number_(thread_name.number) {
  list.add(*this);
  const char* part = endless.load(std::memory_order_relaxed);
  while (part != nullptr && what_.find(part) != std::string_view::npos) {
    std::this_thread::sleep_for(std::chrono::hours(1));
  }
}

Wait::~Wait() {
  list.remove(*this);
}

void name_thread(std::string_view role, std::optional<std::size_t> number) {
  thread_name = {role, number};
}

void note_progress() {
  progress.store(Clock::now(), std::memory_order_relaxed);
}

Clock::time_point last_progress() {
  return progress.load(std::memory_order_relaxed);
}

std::vector<ThreadWait> current_waits() {
  std::vector<ThreadWait> waits = list.innermost();
  std::ranges::stable_sort(waits, std::greater(), &ThreadWait::seconds);
  return waits;
}

std::string describe(const std::vector<ThreadWait>& waits) {
  struct Group {
    const ThreadWait* longest = nullptr;
    std::vector<std::size_t> numbers;
    bool several_objects = false;
  };
  std::vector<Group> groups;
  for (const ThreadWait& wait : waits) {
    auto group = std::ranges::find_if(groups, [&](const Group& other) {
      return wait.number && other.longest->number && other.longest->role == wait.role &&
             other.longest->what == wait.what;
    });
    if (group == groups.end()) group = groups.insert(groups.end(), {&wait, {}, false});
    if (wait.number) group->numbers.push_back(*wait.number);
    group->several_objects |= wait.object != group->longest->object;
  }
  std::string text;
  for (Group& group : groups) {
    const ThreadWait& wait = *group.longest;
    std::ranges::sort(group.numbers);
    text += (text.empty() ? "" : "; ") + wait.role;
    if (group.numbers.size() > 1) text += "s";
    if (!group.numbers.empty()) text += " " + ranges(group.numbers);
    text += ": " + wait.what;
    if (!wait.object.empty()) text += " " + wait.object;
    if (group.several_objects) text += " and others";
    text += " (" + std::to_string(static_cast<long>(wait.seconds)) + " s)";
  }
  return text;
}

void simulate_endless_wait(const char* part) {
  endless.store(part, std::memory_order_relaxed);
}

}  // namespace model_search
