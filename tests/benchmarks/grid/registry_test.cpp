// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/grid/registry.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace model_search {
namespace {

Options parse(std::vector<const char*> flags) {
  flags.insert(flags.begin(), "model_search_bench");
  return parse_options(static_cast<int>(flags.size()), flags.data());
}

/// Options as on a machine with one GPU: registering needs none.
Options with_gpu(std::vector<const char*> flags) {
  flags.push_back("--devices=cpu");
  Options options = parse(std::move(flags));
  options.devices = {"cpu", "cuda"};
  return options;
}

std::set<std::string> names(const Options& options) {
  std::set<std::string> all;
  for (const Combination& row : combinations(options)) all.insert(row.name());
  return all;
}

std::string message_of(const std::vector<const char*>& flags) {
  try {
    (void)parse(flags);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "";
}

TEST(Registry, NamesFollowTheContract) {
  const std::set<std::string> all =
      names(with_gpu({"--workers=8", "--threads=4", "--transfers=pinned,pageable",
                      "--precisions=torch,fp32", "--decoders=stb"}));
  for (const char* name : {
           "LoadModel/resnet18/last_3/cuda/manual_time",
           "LoadData/images/cpu/decoder=stb/workers=8/batch:128/manual_time",
           "DataToDevice/images/cuda/batch:1024/manual_time",
           "DataToDevice/images/cuda/transfer=pageable/batch:32/manual_time",
           "Inference/resnet18/last_3/cuda/batch:128/manual_time",
           "Inference/resnet152/full/cuda/precision=fp32/batch:128/manual_time",
           "Inference/resnet50/last_50pct/cpu/threads=4/batch:8/manual_time",
           "WriteActivations/resnet34/last_1/cuda/batch:128/manual_time",
           "WriteActivations/resnet34/last_1/cpu/threads=4/batch:8/manual_time",
           "Score/resnet18/full/cuda/manual_time",
           "Score/resnet18/full/cpu/classes=1000/threads=4/manual_time",
           "EndToEnd/resnet101/full/cuda/decoder=stb/mode=serial/workers=8/batch:128/manual_time",
           "EndToEnd/resnet101/last_25pct/cpu/decoder=stb/mode=prefetch/threads=4/workers=8/"
           "batch:32/manual_time",
           "LoadData/text/cpu/workers=8/batch:128/manual_time",
           "LoadData/text/cpu/tokenizer=bpe/workers=8/batch:8/manual_time",
           "DataToDevice/text/cuda/batch:128/manual_time",
           "Inference/bert_base/joint_last_3/cuda/batch:128/manual_time",
           "Inference/vit_l_32/joint_last_50pct/cpu/threads=4/batch:8/manual_time",
           "WriteActivations/roberta_base/last_50pct/cuda/batch:128/manual_time",
           "EndToEnd/vit_b_16/full/cuda/decoder=stb/mode=serial/workers=8/batch:128/manual_time",
           "EndToEnd/bert_base/joint_last_3/cpu/mode=serial/threads=4/workers=8/batch:8/"
           "manual_time",
       }) {
    EXPECT_TRUE(all.contains(name)) << name;
  }
}

TEST(Registry, ListsEveryArchitectureConfigurationDeviceAndBatchSize) {
  const std::set<std::string> all = names(with_gpu({"--threads=4", "--steps=Inference"}));
  EXPECT_EQ(architecture_table().size(), 14U);
  std::size_t expected = 0;
  for (const Architecture& architecture : architecture_table()) {
    for (const char* configuration : {"full", "last_50pct", "last_25pct", "last_3", "last_1",
                                      "joint_last_50pct", "joint_last_3"}) {
      const std::string start = "Inference/" + architecture.name + "/" + configuration;
      for (const char* batch : {"1", "32", "128", "256", "512", "1024"}) {
        ++expected;
        EXPECT_TRUE(all.contains(start + "/cuda/batch:" + batch + "/manual_time")) << start;
      }
      for (const char* batch : {"1", "8", "32"}) {
        ++expected;
        EXPECT_TRUE(all.contains(start + "/cpu/threads=4/batch:" + batch + "/manual_time"))
            << start;
      }
    }
  }
  EXPECT_EQ(all.size(), expected);
}

TEST(Registry, WritesKeysOfTextAndHeadsThatDifferFromTheirDefaults) {
  const std::set<std::string> all =
      names(parse({"--devices=cpu", "--threads=2", "--workers=2", "--batch_sizes=8", "--heads=2,4",
                   "--architectures=bert_base,resnet18", "--configurations=full,joint_last_1",
                   "--max_lengths=512,128", "--paddings=fixed,longest", "--poolings=cls,mean",
                   "--data=jpeg,tensors,tokens", "--steps=Inference,LoadData,EndToEnd",
                   "--modes=serial", "--decoders=stb"}));
  for (const char* name : {
           "Inference/bert_base/full/cpu/threads=2/batch:8/manual_time",
           "Inference/bert_base/full/cpu/max_length=128/padding=longest/pooling=mean/threads=2/"
           "batch:8/manual_time",
           "Inference/bert_base/joint_last_1/cpu/heads=4/pooling=mean/threads=2/batch:8/"
           "manual_time",
           "Inference/resnet18/joint_last_1/cpu/heads=4/threads=2/batch:8/manual_time",
           "LoadData/images/cpu/data=tensors/decoder=stb/workers=2/batch:8/manual_time",
           "LoadData/text/cpu/data=tokens/max_length=128/workers=2/batch:8/manual_time",
           "EndToEnd/bert_base/full/cpu/data=tokens/mode=serial/threads=2/workers=2/batch:8/"
           "manual_time",
       }) {
    EXPECT_TRUE(all.contains(name)) << name;
  }
  for (const std::string& name : all) {
    const bool image = name.find("resnet18") != std::string::npos;
    EXPECT_FALSE(image && name.find("max_length") != std::string::npos) << name;
    EXPECT_FALSE(name.find("/full/") != std::string::npos &&
                 name.find("heads=") != std::string::npos)
        << name;
  }
}

TEST(Registry, WritesKeysOfTheDataPathThatDifferFromTheirDefaults) {
  const std::set<std::string> all = names(
      with_gpu({"--threads=2", "--workers=2", "--batch_sizes=8", "--architectures=resnet18",
                "--configurations=full,last_1", "--decoders=stb,nvjpeg", "--inputs=float32,uint8",
                "--layouts=contiguous,channels_last", "--precisions=torch,bf16",
                "--storages=float32,bfloat16", "--page_caches=warm,cold", "--data=jpeg,tensors",
                "--transfers=pinned,pinned_async", "--modes=serial,overlapped"}));
  for (const char* name : {
           "LoadData/images/cpu/decoder=stb/input=uint8/page_cache=cold/workers=2/batch:8/"
           "manual_time",
           "LoadData/images/cuda/decoder=nvjpeg/workers=2/batch:8/manual_time",
           "LoadData/images/cpu/data=tensors/decoder=stb/storage=bfloat16/workers=2/batch:8/"
           "manual_time",
           "DataToDevice/images/cuda/input=uint8/transfer=pinned_async/batch:8/manual_time",
           "Inference/resnet18/full/cuda/layout=channels_last/precision=bf16/batch:8/manual_time",
           "WriteActivations/resnet18/last_1/cuda/storage=bfloat16/batch:8/manual_time",
           "EndToEnd/resnet18/full/cuda/decoder=nvjpeg/mode=overlapped/workers=2/batch:8/"
           "manual_time",
           "EndToEnd/resnet18/full/cuda/decoder=stb/input=uint8/mode=serial/"
           "transfer=pinned_async/workers=2/batch:8/manual_time",
           "EndToEnd/resnet18/last_1/cpu/decoder=stb/mode=overlapped/storage=bfloat16/threads=2/"
           "workers=2/batch:8/manual_time",
       }) {
    EXPECT_TRUE(all.contains(name)) << name;
  }
  for (const std::string& name : all) {
    const auto has = [&name](const char* part) { return name.find(part) != std::string::npos; };
    if (has("decoder=nvjpeg")) {
      // A GPU decodes files there; nothing is copied, normalised or read back.
      EXPECT_TRUE(has("/cuda/")) << name;
      EXPECT_FALSE(has("transfer=") || has("input=") || has("data=") || has("last_1")) << name;
    }
    if (has("mode=overlapped")) {
      EXPECT_FALSE(has("pinned_async")) << name;
    }
    if (has("storage=")) {
      EXPECT_TRUE(has("last_1") || has("data=tensors")) << name;
    }
    if (has("EndToEnd") && has("input=uint8")) {
      EXPECT_TRUE(has("/cuda/")) << name;
    }
  }
}

TEST(Registry, ACpuThatOverlapsLeavesItsCoresToLibTorch) {
  for (const std::string& name : names(parse({"--devices=cpu", "--steps=EndToEnd"}))) {
    if (name.find("mode=overlapped") == std::string::npos) continue;
    EXPECT_NE(
        name.find("/workers=" +
                  std::to_string(std::max<std::int64_t>(1, parse({}).workers.front() / 16)) + "/"),
        std::string::npos)
        << name;
  }
  const auto given = names(parse({"--devices=cpu", "--steps=EndToEnd", "--workers=7"}));
  for (const std::string& name : given) {
    EXPECT_NE(name.find("/workers=7/"), std::string::npos) << name;
  }
}

TEST(Registry, TailsReadActivationsWhateverTheDataIs) {
  for (const std::string& name :
       names(parse({"--devices=cpu", "--steps=EndToEnd", "--architectures=resnet18",
                    "--configurations=full,last_1,joint_last_1", "--data=jpeg,tensors"}))) {
    EXPECT_FALSE(name.find("/last_1/") != std::string::npos &&
                 name.find("data=tensors") != std::string::npos)
        << name;
  }
}

TEST(Registry, LeavesOutWhatCannotBe) {
  for (const std::string& name : names(with_gpu({}))) {
    EXPECT_EQ(name.find("DataToDevice/images/cpu"), std::string::npos) << name;
    EXPECT_FALSE(name.starts_with("WriteActivations") && name.find("/full/") != std::string::npos)
        << name;
  }
}

TEST(Registry, BatchSizesAreTheContractsByDevice) {
  std::set<std::int64_t> cpu;
  std::set<std::int64_t> cuda;
  for (const Combination& row : combinations(with_gpu({"--steps=Inference"}))) {
    (row.device == "cpu" ? cpu : cuda).insert(row.batch);
  }
  EXPECT_EQ(cpu, (std::set<std::int64_t>{1, 8, 32}));
  EXPECT_EQ(cuda, (std::set<std::int64_t>{1, 32, 128, 256, 512, 1024}));
}

TEST(Registry, FlagsNarrowTheProductAndValuesGivenTwiceCountOnce) {
  const Options options =
      parse({"--devices=cpu", "--steps=Inference", "--architectures=resnet18,resnet18",
             "--configurations=full,last_3", "--batch_sizes=8,8", "--threads=1,2"});
  EXPECT_EQ(combinations(options).size(), 4U);
}

TEST(Registry, TheStudyPresetIsTheOriginals) {
  const Options options = parse({"--preset=study", "--devices=cpu"});
  EXPECT_EQ(options.modes, (std::vector<std::string>{"prefetch"}));
  EXPECT_EQ(options.transfers, (std::vector<std::string>{"pageable"}));
  EXPECT_EQ(options.workers, (std::vector<std::int64_t>{8}));
  EXPECT_EQ(options.batch_sizes, (std::vector<std::int64_t>{32, 128, 512, 1024}));
  EXPECT_EQ(parse({"--preset=study", "--workers=2", "--devices=cpu"}).workers,
            (std::vector<std::int64_t>{2}));
}

TEST(Registry, LoadModelNamesHowBytesTravelWhereThatIsNotTheDefault) {
  const std::vector<const char*> one{"--architectures=resnet18", "--configurations=full",
                                     "--steps=LoadModel"};
  const auto with = [&](std::vector<const char*> flags) {
    flags.insert(flags.begin(), one.begin(), one.end());
    return names(with_gpu(std::move(flags)));
  };
  const std::string cpu = "LoadModel/resnet18/full/cpu";
  const std::string cuda = "LoadModel/resnet18/full/cuda";
  const std::string end = "/manual_time";
  using Names = std::set<std::string>;
  EXPECT_EQ(with({}), (Names{cpu + end, cuda + end}));
  // Copies from pageable memory are this step's default, whatever that of batches is.
  EXPECT_EQ(with({"--preset=study"}), (Names{cpu + end, cuda + end}));
  EXPECT_EQ(with({"--transfers=pinned,pageable,pinned_async"}),
            (Names{cpu + end, cuda + end, cuda + "/transfer=pinned" + end}));
  EXPECT_EQ(with({"--transfers=pinned_async"}),
            (Names{cpu + end, cuda + "/transfer=pinned" + end}));
  EXPECT_EQ(with({"--reads=direct,mmap,buffered", "--page_caches=cold"}).size(), 6U);
  EXPECT_TRUE(with({"--reads=mmap", "--page_caches=cold", "--transfers=pinned"})
                  .contains(cuda + "/page_cache=cold/read=mmap/transfer=pinned" + end));
}

TEST(Registry, FiltersAsGoogleBenchmarkDoes) {
  const std::vector<Combination> all =
      combinations(parse({"--devices=cpu", "--steps=Inference,LoadModel"}));
  const auto count = [&](const std::string& filter) { return filtered(all, filter).size(); };
  EXPECT_EQ(count(""), all.size());
  EXPECT_EQ(count("^LoadModel/") + count("-^LoadModel/"), all.size());
  EXPECT_EQ(count("^LoadModel/resnet18/(full|last_1)/"), 2U);
  EXPECT_EQ(count("nothing_like_it"), 0U);
  EXPECT_THROW((void)filtered(all, "(open"), std::invalid_argument);
}

TEST(Options, TheLastValueOfAFlagWins) {
  EXPECT_EQ(parse({"--devices=cpu", "--architectures=resnet18", "--architectures=resnet50"})
                .architectures,
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
      {"--reads=telepathy", "buffered, mmap, direct"},
      {"--precisions=fp8", "torch, fp32"},
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

TEST(Options, RefusesNumbersThatMeanNothing) {
  for (const char* flag :
       {"--batch_sizes=0", "--batch_sizes=-8", "--workers=0", "--threads=-1", "--batches=0",
        "--items=-1", "--classes=1", "--cores=100000", "--batch_sizes=8,eight",
        "--cache_limit=much", "--cache_limit=-1GB", "--time_budget=0", "--time_budget=-3",
        "--prefetch=-2", "--heads=1", "--max_lengths=2"}) {
    EXPECT_FALSE(message_of({"--devices=cpu", flag}).empty()) << flag;
  }
}

TEST(Options, ReadsBytesWithUnits) {
  EXPECT_EQ(parse({"--devices=cpu", "--cache_limit=1.5GB"}).cache_limit, 1500000000U);
  EXPECT_EQ(parse({"--devices=cpu", "--cache_limit=700"}).cache_limit, 700U);
}

TEST(Ranking, GroupsConfigurationsAndPutsTheBestFirst) {
  Ranking ranking;
  ranking.add({"resnet18", "full", "cpu", 0.5, 1.0, 9});
  ranking.add({"resnet50", "full", "cpu", 0.75, 0.9, 30});
  ranking.add({"resnet18", "last_3", "cpu", 0.5, 1.0, 2});
  const std::string table = ranking.table(true);
  EXPECT_LT(table.find("resnet50"), table.find("resnet18"));
  EXPECT_NE(table.find("full, last_3"), std::string::npos);
  EXPECT_NE(table.find("random weights"), std::string::npos);
  EXPECT_EQ(table.find("differ"), std::string::npos);
  EXPECT_NE(table.find("2.00 s"), std::string::npos);
  ranking.add({"resnet18", "last_1", "cpu", 0.25, 1.0, 2});
  EXPECT_NE(ranking.table(false).find("differ"), std::string::npos);
}

TEST(Ranking, IsEmptyWithoutScores) {
  EXPECT_TRUE(Ranking().table(true).empty());
}

}  // namespace
}  // namespace model_search
