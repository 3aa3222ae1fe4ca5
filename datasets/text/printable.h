// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace model_search {

/// Text from outside (names of files and folders, settings in files) as every output takes it: one
/// line of UTF-8 without characters that steer a terminal or change the direction of text. Line
/// breaks and tabs become blanks, bytes that are not UTF-8 become \x and two hexadecimal digits,
/// other control and format characters (Unicode's Cc, Cf, Zl and Zp) \u{...}.
[[nodiscard]] std::string printable(std::string_view text);

/// Writes a message as a printable line on stderr. Every message that may contain text from outside
/// goes through it.
void note(std::string_view message);

}  // namespace model_search
