// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/stage_facts.h"

#include <gtest/gtest.h>

namespace model_search {
namespace {

Candidate candidate_of(const std::string& name) {
  return {{.name = name, .architecture = name}, find_architecture(name), "cls", name};
}

TEST(StageFacts, TrunkAndTailAddUpToTheNetwork) {
  StageFacts facts;
  for (const char* name : {"resnet18", "mobilenet_v2", "vit_b_32"}) {
    const Candidate candidate = candidate_of(name);
    const StageRange full = full_range(candidate.architecture);
    const Configuration cut = Configuration::parse("last_3");
    const Work trunk = facts.work(candidate, cut.trunk(candidate.architecture), {});
    const Work tail = facts.work(candidate, cut.tail(candidate.architecture), {});
    const Work whole = facts.work(candidate, full, {});
    EXPECT_EQ(trunk.macs + tail.macs, whole.macs) << name;
    EXPECT_EQ(trunk.params + tail.params, whole.params) << name;
    EXPECT_GT(tail.macs, 0) << name;
  }
}

TEST(StageFacts, AttentionGrowsWithTheSquareOfTheLength) {
  StageFacts facts;
  const Candidate bert = candidate_of("bert_base");
  const StageRange full = full_range(bert.architecture);
  const auto macs = [&](std::initializer_list<double> lengths) {
    Lengths all;
    for (const double length : lengths) all.add(1, length);
    return facts.work(bert, full, all).macs;
  };
  // Per layer: 4 * 768^2 + 2 * 768 * 3072 a token, and 2 * 768 a pair of tokens.
  const double token = 12 * (4.0 * 768 * 768 + 2.0 * 768 * 3072);
  const double pair = 12 * 2.0 * 768;
  for (const double length : {8.0, 64.0, 512.0}) {
    EXPECT_EQ(macs({length}), token * length + pair * length * length) << length;
  }
  // Batches of 16 and of 512 tokens are no batches of 264.
  EXPECT_EQ(macs({16, 512}), (macs({16}) + macs({512})) / 2);
  EXPECT_GT(macs({16, 512}), macs({264}));
}

TEST(StageFacts, ShapesAtACutHoldTheMaskOfTexts) {
  StageFacts facts;
  const Candidate bert = candidate_of("bert_base");
  const ItemShape cut =
      facts.output_shape(bert, Configuration::parse("last_3").trunk(bert.architecture), 16);
  ASSERT_EQ(cut.size(), 2U);
  EXPECT_EQ(cut[0], (TensorShape{{16, 768}, Element::float32}));
  EXPECT_EQ(cut[1], (TensorShape{{16}, Element::boolean}));
  EXPECT_EQ(facts.output_shape(bert, full_range(bert.architecture), 16),
            (ItemShape{{{768}, Element::float32}}));
  const Candidate resnet = candidate_of("resnet18");
  EXPECT_EQ(
      facts.output_shape(resnet, Configuration::parse("last_1").trunk(resnet.architecture), 0),
      (ItemShape{{{512, 7, 7}, Element::float32}}));
}

}  // namespace
}  // namespace model_search
