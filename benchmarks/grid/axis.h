// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace model_search {

struct Combination;
struct Options;

/// A number of bytes and the text that the user gave for it (`2GB`), which names show.
struct Bytes {
  std::uint64_t count = 0;
  std::string text;
  bool operator==(const Bytes&) const = default;
};

/// A value of an axis: one of its words, a whole number, or a number of bytes.
using Value = std::variant<std::string, std::int64_t, Bytes>;
using Values = std::vector<Value>;
[[nodiscard]] std::string text_of(const Value& value);
/// `500MB`, `1.5GB` (powers of 1000), `2GiB` (of 1024). Throws std::invalid_argument for anything
/// else.
[[nodiscard]] std::uint64_t read_bytes(const std::string& text);
/// `a,b,c`; "default" for none.
[[nodiscard]] std::string joined(const Values& values);

/// What defaults may depend on.
struct Machine {
  std::int64_t cores = 1;  ///< the cores that this process may use
};

/// How a row's name shows a value: as `key=value` where it is not the default; always as
/// `key=value`; or as a part of the name with a fixed place (subject, configuration, device,
/// batch).
enum class Shown { unless_default, always, part };

/// What the value of an axis can change, as a sum of flags.
enum Affects : unsigned {
  affects_nothing = 0,
  affects_features = 1,  ///< the features of an item, by more than rounding
  affects_memory = 2,    ///< the device memory that a network's row needs
  affects_loading = 4,   ///< how items come to the host
  affects_score = 8,     ///< what the proxy score computes
  affects_cost = 16,     ///< seconds only
};

/// An axis of the product of rows: a flag that takes a list, and what each of its values means for
/// a row. Flags, checks, `--help`, names, the context and `--schema` are derived from it.
struct Axis {
  std::string_view flag;  ///< without dashes, e.g. "layouts"
  std::string_view key;   ///< in a row's name, e.g. "layout"
  std::string_view help;
  unsigned affects = affects_nothing;
  Shown shown = Shown::unless_default;

  /// The words that the axis takes; nullptr where `check` decides, or for numbers.
  std::vector<std::string> (*choices)() = nullptr;
  /// For words without a list: throws std::invalid_argument that says what is accepted.
  void (*check)(const std::string& value) = nullptr;
  /// The one spelling of a word that has several; nullptr where words have one.
  std::string (*spelled)(const std::string& value) = nullptr;
  /// Whether values are whole numbers: at least `least`, or 0 where `zero_too` gives 0 a meaning.
  bool numbers = false;
  std::int64_t least = 1;
  std::int64_t most = std::numeric_limits<std::int64_t>::max();
  bool zero_too = false;
  /// Whether the value is a number of bytes.
  bool bytes = false;

  /// The values where the flag is not given: these, or those of a rule. A name leaves out the first
  /// value of `standard` (Shown::unless_default).
  Values standard{};
  Values (*rule)(const Machine& machine) = nullptr;
  std::string_view rule_text{};  ///< the rule in words, for `--help`

  /// Whether a row has this axis at all.
  bool (*applies)(const Combination& row, const Options& options) = nullptr;
  /// Whether a row that has the axis can take this value.
  bool (*takes)(const Combination& row, const Value& value, const Options& options) = nullptr;
  /// The values for one row, where they differ from those of the flag.
  Values (*values)(const Combination& row, const Options& options) = nullptr;
  /// Writes a value with a fixed place in the name (Shown::part) into a row.
  void (*place)(Combination& row, const Value& value) = nullptr;
  /// Whether names leave out a value that is not the first default.
  bool (*unnamed)(const Value& value) = nullptr;

  /// Whether a name leaves this value out.
  [[nodiscard]] bool leaves_out(const Value& value) const;
  /// Parses values that are separated by commas. Throws std::invalid_argument that names the flag,
  /// the value and the choices.
  [[nodiscard]] Values read(const std::string& text) const;
  /// The values that the flag has by default.
  [[nodiscard]] Values defaults(const Machine& machine) const;
};

}  // namespace model_search
