// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace model_search {

/// Says that the store of a run does not answer any more, and names it.
class StoreError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Texts and numbers by keys, which all workers of a run see and change. Each call is atomic, and
/// any thread may make it. Each call may throw StoreError.
class SharedKeys {
 public:
  SharedKeys() = default;
  SharedKeys(const SharedKeys&) = delete;
  SharedKeys& operator=(const SharedKeys&) = delete;
  virtual ~SharedKeys() = default;

  /// The texts of these keys, all of which must be there.
  [[nodiscard]] virtual std::vector<std::string> read(const std::vector<std::string>& keys) = 0;
  /// Makes the text of a key `desired` where it is `expected`; an empty `expected`: where the key
  /// is not there. Returns the text that the key has then.
  virtual std::string replace(const std::string& key, const std::string& expected,
                              const std::string& desired) = 0;
  /// Adds to a number, which is 0 before the first call, and returns the sum.
  virtual std::int64_t add(const std::string& key, std::int64_t number) = 0;
  /// Lets the calls that wait for an answer, and all later ones, throw StoreError at once.
  virtual void give_up() = 0;
};

}  // namespace model_search
