// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <stdexcept>

#include "datasets/decoder.h"
#include "tests/datasets/error_message.h"

namespace model_search {
namespace {

TEST(DecoderTable, MakesEveryDecoderItNames) {
  ASSERT_FALSE(decoder_table().empty());
  EXPECT_EQ(decoder_table().front().name, "stb");
  for (const DecoderEntry& entry : decoder_table()) EXPECT_NE(make_decoder(entry.name), nullptr);
}

TEST(DecoderTable, RefusesAnUnknownNameWithTheChoices) {
  EXPECT_EQ(message_of<std::invalid_argument>([] { (void)make_decoder("gpu"); }),
            "unknown decoder 'gpu': choose stb");
}

}  // namespace
}  // namespace model_search
