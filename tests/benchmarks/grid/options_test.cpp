// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/grid/options.h"

#include <gtest/gtest.h>

#include <CLI/Error.hpp>

#include "tests/benchmarks/grid/parsed_options.h"

namespace model_search {
namespace {

std::string message_of(const std::vector<const char*>& flags) {
  try {
    (void)parse(flags);
  } catch (const std::invalid_argument& error) {
    return error.what();
  } catch (const CLI::ParseError& error) {
    return error.what();
  }
  return "";
}

TEST(Options, TheStudyPresetIsTheOriginals) {
  const Options options = parse({"--preset=study", "--devices=cpu"});
  EXPECT_EQ(options.words(axes().mode), (std::vector<std::string>{"prefetch"}));
  EXPECT_EQ(options.words(axes().transfer), (std::vector<std::string>{"pageable"}));
  EXPECT_EQ(options.numbers(axes().workers), (std::vector<std::int64_t>{8}));
  EXPECT_EQ(options.numbers(axes().batch), (std::vector<std::int64_t>{32, 128, 512, 1024}));
  EXPECT_EQ(parse({"--preset=study", "--workers=2", "--devices=cpu"}).numbers(axes().workers),
            (std::vector<std::int64_t>{2}));
}

TEST(Options, TheLastValueOfAFlagWins) {
  EXPECT_EQ(parse({"--devices=cpu", "--architectures=resnet18", "--architectures=resnet50"})
                .words(axes().architecture),
            (std::vector<std::string>{"resnet50"}));
  EXPECT_EQ(parse({"--devices=cpu", "--batches=9", "--batches=7"}).sampling.batches, 7U);
}

TEST(Options, RefusesUnknownValuesWithTheChoices) {
  const std::vector<std::pair<const char*, const char*>> cases{
      {"--architectures=resnet19", "resnet18"},
      {"--steps=Infer", "Inference"},
      {"--decoders=gif", "stb"},
      {"--modes=fast", "prefetch"},
      {"--transfers=slow", "pageable"},
      {"--reads=telepathy", "buffered,mmap,direct"},
      {"--precisions=fp8", "torch,fp32"},
      {"--probes=forest", "minibatch"},
      {"--split=test", "val"},
      {"--preset=gpu", "study"},
      {"--configurations=last_0", "last_<k>"},
      {"--configurations=joint_full", "joint_last_<k>"},
      {"--data=png", "tokens"},
      {"--paddings=none", "longest"},
      {"--poolings=max", "mean"},
      {"--devices=tpu", "cpu"},
      {"--devices=cuda99", "cpu"},
  };
  for (const auto& [flag, choice] : cases) {
    const std::string message = message_of({flag});
    EXPECT_NE(message.find(choice), std::string::npos) << flag << " -> " << message;
    const std::string value = std::string(flag).substr(std::string(flag).find('=') + 1);
    EXPECT_NE(message.find(value), std::string::npos) << flag << " -> " << message;
  }
}

TEST(Options, NameTheNearestFlagAndTheNearestValue) {
  const std::vector<std::pair<const char*, const char*>> cases{
      {"--architecture=resnet18", "'--architectures'"},
      {"--batch-sizes=8", "'--batch_sizes'"},
      {"--benchmark_fliter=a", "'--benchmark_filter'"},
      {"--hlep", "'--help'"},
      {"--retry-failed", "'--retry_failed'"},
      {"--architectures=resnet_50", "'resnet50'"},
      {"--steps=endtoend", "'EndToEnd'"},
      {"--steps=Inference,LoadDta", "'LoadData'"},
      {"--decoders=nvjpg", "'nvjpeg'"},
      {"--probes=logm", "'logme'"},
      {"--preset=studdy", "'study'"},
      {"--split=vla", "'val'"},
  };
  for (const auto& [flag, nearest] : cases) {
    const std::string message = message_of({"--devices=cpu", flag});
    EXPECT_NE(message.find("did you mean " + std::string(nearest)), std::string::npos)
        << flag << " -> " << message;
  }
  const std::string strange = message_of({"--devices=cpu", "--colour_of_the_sky=blue"});
  EXPECT_NE(strange.find("--colour_of_the_sky is not a flag"), std::string::npos) << strange;
  EXPECT_EQ(strange.find("did you mean"), std::string::npos) << strange;
  EXPECT_NE(message_of({"--devices=cpu", "resnet18"}).find("'resnet18' is not a flag"),
            std::string::npos);
}

TEST(Options, RefusesNumbersThatMeanNothing) {
  for (const char* flag : {"--batch_sizes=0",      "--batch_sizes=-8",    "--workers=0",
                           "--threads=-1",         "--batches=0",         "--items=-1",
                           "--classes=1",          "--cores=100000",      "--batch_sizes=8,eight",
                           "--cache_limit=much",   "--cache_limit=-1GB",  "--time_budget=0",
                           "--time_budget=-3",     "--prefetch=-2",       "--heads=1",
                           "--max_lengths=2",      "--memory_limit=much", "--precision_target=2",
                           "--precision_target=x", "--cache_limit=-1",    "--cache_limit=0",
                           "--time_budget=nan",    "--time_budget=inf",   "--memory_limit=0",
                           "--batch_sizes=0x10",   "--stall_limit=-1",    "--stall_limit=nan",
                           "--stall_limit=inf",    "--stall_limit=1s"}) {
    EXPECT_FALSE(message_of({"--devices=cpu", flag}).empty()) << flag;
  }
}

TEST(Options, ReadsBytesWithUnits) {
  EXPECT_EQ(parse({"--devices=cpu", "--cache_limit=1.5GB"}).cache_limit, 1500000000U);
  EXPECT_EQ(parse({"--devices=cpu", "--cache_limit=700"}).cache_limit, 700U);
  EXPECT_EQ(parse({"--devices=cpu", "--host_cache=1KiB"}).cache_bounds.host, 1024U);
  EXPECT_EQ(parse({"--devices=cpu", "--device_cache=2KB"}).cache_bounds.device, 2000U);
  EXPECT_EQ(parse({"--devices=cpu"}).cache_bounds.host, 0U);  // a share of the memory
}

TEST(Options, TakeNoLimitForStalls) {
  EXPECT_EQ(parse({"--devices=cpu"}).stall_limit, 60);
  EXPECT_EQ(parse({"--devices=cpu", "--stall_limit=0.5"}).stall_limit, 0.5);
  EXPECT_EQ(parse({"--devices=cpu", "--stall_limit=0"}).stall_limit, 0);
}

TEST(Options, WorkersNeedAStoreAndTakeSingleRows) {
  EXPECT_EQ(parse({"--devices=cpu", "--shard=auto", "--store=n1:1"}).lease_limit, 60);
  EXPECT_TRUE(message_of({"--devices=cpu", "--shard=auto"})
                  .starts_with("--shard=auto needs --store=HOST:PORT"));
  for (const char* flag : {"--interleave", "--processes=2", "--batch_sizes=common_max"}) {
    const std::string message =
        message_of({"--devices=cpu", "--shard=auto", "--store=n1:1", "--memory_limit=1GB", flag});
    const std::string name = std::string(flag).substr(0, std::string(flag).find('='));
    EXPECT_TRUE(message.starts_with(name)) << message;
  }
  EXPECT_EQ(message_of({"--devices=cpu", "--shard=0/2", "--store=n1:1"}),
            "--store=n1:1 needs --shard=auto");
}

TEST(Options, KeepTheTextOfBytesForNames) {
  const Options options = parse({"--devices=cpu", "--memory_limit=2GB"});
  EXPECT_EQ(options.memory_limit(), 2000000000U);
  EXPECT_EQ(joined(options.of(axes().memory_limit)), "2GB");
}

TEST(Options, TakeDefaultsFromTheTableOfAxes) {
  const Options options = parse({"--devices=cpu", "--cores=1"});
  for (const Axis& axis : axes().all()) {
    if (axis.rule == nullptr) {
      EXPECT_EQ(options.of(axis), axis.standard) << axis.flag;
    }
    EXPECT_EQ(options.given.at(&axis), &axis == &axes().device) << axis.flag;
  }
}

}  // namespace
}  // namespace model_search
