// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <mutex>
#include <stdexcept>

#include "benchmarks/workers/shared_keys.h"

namespace model_search {

/// A store in memory that behaves as c10d's TCPStore does.
class MemoryKeys : public SharedKeys {
 public:
  std::vector<std::string> read(const std::vector<std::string>& keys) override {
    const std::lock_guard lock(mutex_);
    require_store();
    std::vector<std::string> found;
    for (const std::string& key : keys) found.push_back(texts_.at(key));
    return found;
  }
  std::string replace(const std::string& key, const std::string& expected,
                      const std::string& desired) override {
    const std::lock_guard lock(mutex_);
    require_store();
    const auto found = texts_.find(key);
    if (found == texts_.end()) return expected.empty() ? texts_[key] = desired : expected;
    if (found->second == expected) found->second = desired;
    return found->second;
  }
  std::int64_t add(const std::string& key, std::int64_t number) override {
    const std::lock_guard lock(mutex_);
    require_store();
    return numbers_[key] += number;
  }
  void give_up() override {
    const std::lock_guard lock(mutex_);
    lost = true;
  }

  bool lost = false;  ///< every call throws StoreError

 private:
  void require_store() const {
    if (lost) throw StoreError("the store in memory is lost");
  }

  std::mutex mutex_;
  std::map<std::string, std::string> texts_;
  std::map<std::string, std::int64_t> numbers_;
};

}  // namespace model_search
