// SPDX-License-Identifier: Apache-2.0
#include "datasets/files/fingerprint.h"

#include <gtest/gtest.h>

#include <set>

namespace model_search {
namespace {

std::string of(std::initializer_list<std::string_view> texts) {
  Fingerprint fingerprint;
  for (const std::string_view text : texts) fingerprint.add(text);
  return fingerprint.hex();
}

TEST(Fingerprint, IsSixteenDigitsAndStable) {
  EXPECT_EQ(Fingerprint().hex(), "cbf29ce484222325");
  EXPECT_EQ(of({"photograph"}), of({"photograph"}));
}

TEST(Fingerprint, TellsContentsOrderAndBordersApart) {
  const std::set<std::string> all{of({}),         of({""}),         of({"ab"}),      of({"a", "b"}),
                                  of({"b", "a"}), of({"12345678"}), of({"12345679"})};
  EXPECT_EQ(all.size(), 7U);
}

}  // namespace
}  // namespace model_search
