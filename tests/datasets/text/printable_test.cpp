// SPDX-License-Identifier: Apache-2.0
#include "datasets/text/printable.h"

#include <gtest/gtest.h>

namespace model_search {
namespace {

TEST(Printable, KeepsText) {
  EXPECT_EQ(printable(""), "");
  EXPECT_EQ(printable("train/Größe 犬 🐕.jpg"), "train/Größe 犬 🐕.jpg");
  EXPECT_EQ(printable("a\\x1b \"b\" <c>"), "a\\x1b \"b\" <c>");
}

TEST(Printable, IsOneLine) {
  EXPECT_EQ(printable("a\nb\tc\r\nd"), "a b c  d");
  EXPECT_EQ(printable("a\xE2\x80\xA8z"), "a\\u{2028}z");  // the line separator
}

TEST(Printable, EscapesWhatIsNotUtf8) {
  EXPECT_EQ(printable("\xFF.jpg"), "\\xff.jpg");
  EXPECT_EQ(printable("a\xC3"), "a\\xc3");                  // cut off
  EXPECT_EQ(printable("\xED\xA0\x80"), "\\xed\\xa0\\x80");  // half of a pair
  EXPECT_EQ(printable("\xC0\xAF \xF4\x90\x80\x80").find('\xC0'), std::string::npos);
}

TEST(Printable, LeavesATerminalAlone) {
  EXPECT_EQ(printable("\x1b[31mred\x1b]0;title\x07"), "\\u{1b}[31mred\\u{1b}]0;title\\u{7}");
  EXPECT_EQ(printable(std::string_view("a\0b", 3)), "a\\u{0}b");
  EXPECT_EQ(printable("\x7f\xC2\x9Bm"), "\\u{7f}\\u{9b}m");
  EXPECT_EQ(printable("gpj\xE2\x80\xAEtxt"), "gpj\\u{202e}txt");  // right-to-left override
}

TEST(Printable, NotesAreLines) {
  ::testing::internal::CaptureStderr();
  note("cannot read 'a\x1b[2J\nb'");
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "cannot read 'a\\u{1b}[2J b'\n");
}

}  // namespace
}  // namespace model_search
