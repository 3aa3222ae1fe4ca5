// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <stdexcept>

#include "datasets/images/decoder.h"
#include "datasets/images/decoder_libraries.h"
#include "tests/datasets/error_message.h"

namespace model_search {
namespace {

TEST(DecoderTable, MakesEveryDecoderItNames) {
  ASSERT_FALSE(decoder_table().empty());
  EXPECT_EQ(decoder_table().back().name, "stb");  // The fallback, which is always there.
  for (const DecoderEntry& entry : decoder_table()) EXPECT_NE(make_decoder(entry.name), nullptr);
}

TEST(DecoderTable, RefusesAnUnknownNameWithTheChoices) {
  const auto message = message_of<std::invalid_argument>([] { (void)make_decoder("gpu"); });
  EXPECT_TRUE(contains(message, "unknown decoder 'gpu': choose "));
  for (const DecoderEntry& entry : decoder_table()) {
    EXPECT_TRUE(contains(message, std::string(entry.name)));
  }
}

TEST(DecoderLibraries, HaveVersions) {
  EXPECT_EQ(decoder_libraries().size(), 3U);
  for (const DecoderLibrary& library : decoder_libraries()) {
    EXPECT_NE(library.version.find('.'), std::string::npos) << library.name << library.version;
  }
}

}  // namespace
}  // namespace model_search
