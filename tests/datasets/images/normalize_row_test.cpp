// SPDX-License-Identifier: Apache-2.0
#include "datasets/images/normalize_row.h"

#include <gtest/gtest.h>

#include <vector>

namespace model_search {
namespace {

TEST(NormalizeRow, TheFastestGivesTheBitsOfTheTable) {
  for (const Normalization& settings :
       {Normalization({0.485F, 0.456F, 0.406F}, {0.229F, 0.224F, 0.225F}),
        Normalization({0.5F, 0.5F, 0.5F}, {0.5F, 0.5F, 0.5F}),
        Normalization({0, 0, 0}, {1, 1, 1})}) {
    const NormalizeRow best = best_normalize_row(settings);
    for (const std::size_t width : {1U, 7U, 8U, 224U, 229U, 768U}) {
      std::vector<std::uint8_t> pixels;
      for (std::size_t i = 0; i < 3 * width; ++i) {
        pixels.push_back(static_cast<std::uint8_t>(i * 37 + i / 256));
      }
      std::vector<float> expected(3 * width);
      normalize_row_portable(settings, pixels.data(), width, expected.data(),
                             expected.data() + width, expected.data() + 2 * width);
      // Rows that begin at any multiple of 4 bytes.
      for (std::size_t shift = 0; shift < 9; ++shift) {
        std::vector<float> out(3 * width + shift);
        float* row = out.data() + shift;
        best(settings, pixels.data(), width, row, row + width, row + 2 * width);
        finish_rows();
        EXPECT_TRUE(std::equal(expected.begin(), expected.end(), row)) << width << " + " << shift;
      }
    }
  }
}

TEST(NormalizeRow, TheTableIsTorchvisionsArithmetic) {
  const Normalization settings({0.485F, 0.456F, 0.406F}, {0.229F, 0.224F, 0.225F});
  EXPECT_EQ(settings.table[0][0], (0.0F - 0.485F) / 0.229F);
  EXPECT_EQ(settings.table[2][200], (200.0F / 255.0F - 0.406F) / 0.225F);
}

}  // namespace
}  // namespace model_search
