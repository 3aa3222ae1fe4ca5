// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "benchmarks/grid/common_batch.h"
#include "benchmarks/steps/steps.h"
#include "fixtures/devices/allocator.h"
#include "fixtures/models/architecture.h"
#include "tests/benchmarks/grid/parsed_options.h"

namespace model_search {
namespace {

/// Options as on a machine with one GPU: registering needs none.
Options with_gpu(std::vector<const char*> flags) {
  flags.push_back("--devices=cpu");
  Options options = parse(std::move(flags));
  options.axis_values[&axes().device] = {"cpu", "cuda"};
  return options;
}

/// With the disk as the default of `cache=`.
Combinations rows(const Options& options) {
  return combinations(options, [](const Combination&) { return CacheTier::disk; });
}

std::set<std::string> names(const Options& options) {
  std::set<std::string> all;
  for (const Combination& row : rows(options)) all.insert(row.name());
  return all;
}

TEST(Rows, NamesFollowTheContract) {
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
           "EndToEnd/resnet101/last_25pct/cpu/cache=disk/decoder=stb/mode=prefetch/threads=4/"
           "workers=8/"
           "batch:32/manual_time",
           "LoadData/text/cpu/workers=8/batch:128/manual_time",
           "LoadData/text/cpu/tokenizer=bpe/workers=8/batch:8/manual_time",
           "DataToDevice/text/cuda/batch:128/manual_time",
           "Inference/bert_base/joint_last_3/cuda/batch:128/manual_time",
           "Inference/vit_l_32/joint_last_50pct/cpu/threads=4/batch:8/manual_time",
           "WriteActivations/roberta_base/last_50pct/cuda/batch:128/manual_time",
           "EndToEnd/vit_b_16/full/cuda/decoder=stb/mode=serial/workers=8/batch:128/manual_time",
           "EndToEnd/bert_base/joint_last_3/cpu/cache=disk/mode=serial/threads=4/workers=8/batch:8/"
           "manual_time",
       }) {
    EXPECT_TRUE(all.contains(name)) << name;
  }
}

TEST(Rows, SyntheticFeaturesHaveSyntheticClasses) {
  const std::set<std::string> all =
      names(parse({"--devices=cpu", "--threads=2", "--architectures=resnet18", "--steps=Score",
                   "--classes=0,10", "--feature_sizes=network,500x64"}));
  EXPECT_EQ(all, (std::set<std::string>{
                     "Score/resnet18/full/cpu/threads=2/manual_time",
                     "Score/resnet18/full/cpu/classes=10/threads=2/manual_time",
                     "Score/resnet18/full/cpu/classes=10/features=500x64/threads=2/manual_time"}));
}

TEST(Rows, ListsEveryArchitectureConfigurationDeviceAndBatchSize) {
  const std::set<std::string> all = names(with_gpu({"--threads=4", "--steps=Inference"}));
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

TEST(Rows, WritesKeysOfTextAndHeadsThatDifferFromTheirDefaults) {
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

TEST(Rows, WritesKeysOfTheDataPathThatDifferFromTheirDefaults) {
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
           "EndToEnd/resnet18/last_1/cpu/cache=disk/decoder=stb/mode=overlapped/storage=bfloat16/"
           "threads=2/"
           "workers=2/batch:8/manual_time",
       }) {
    EXPECT_TRUE(all.contains(name)) << name;
  }
  for (const std::string& name : all) {
    const auto has = [&name](const char* part) { return name.find(part) != std::string::npos; };
    if (has("decoder=nvjpeg")) {
      // A GPU decodes files there; nothing is copied, normalized or read back.
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

TEST(Rows, ACpuThatOverlapsLeavesItsCoresToLibTorch) {
  for (const std::string& name : names(parse({"--devices=cpu", "--steps=EndToEnd"}))) {
    if (name.find("mode=overlapped") == std::string::npos) continue;
    EXPECT_NE(
        name.find("/workers=" +
                  std::to_string(std::max<std::int64_t>(1, parse({}).number(axes().workers) / 16)) +
                  "/"),
        std::string::npos)
        << name;
  }
  const auto given = names(parse({"--devices=cpu", "--steps=EndToEnd", "--workers=7"}));
  for (const std::string& name : given) {
    EXPECT_NE(name.find("/workers=7/"), std::string::npos) << name;
  }
}

TEST(Rows, TailsReadActivationsWhateverTheDataIs) {
  for (const std::string& name :
       names(parse({"--devices=cpu", "--steps=EndToEnd", "--architectures=resnet18",
                    "--configurations=full,last_1,joint_last_1", "--data=jpeg,tensors"}))) {
    EXPECT_FALSE(name.find("/last_1/") != std::string::npos &&
                 name.find("data=tensors") != std::string::npos)
        << name;
  }
}

TEST(Rows, SayWhereTheActivationsLieThatTheyRead) {
  const auto caches = [](const Options& options, CacheTier standard) {
    std::set<std::string> all;
    for (const Combination& row :
         combinations(options, [&](const Combination&) { return standard; })) {
      const std::string name = row.name();
      const std::size_t place = name.find("/cache=");
      const std::string cache = place == std::string::npos
                                    ? ""
                                    : name.substr(place + 7, name.find('/', place + 1) - place - 7);
      all.insert(row.configuration + " " + row.device + " " + cache);
      EXPECT_EQ(row.has(axes().transfer),
                row.on_gpu() && (row.configuration != "last_1" || cache != "device"))
          << name;
    }
    return all;
  };
  const std::vector<const char*> tails{"--steps=EndToEnd", "--architectures=resnet18",
                                       "--configurations=full,last_1,joint_last_1",
                                       "--transfers=pinned,pageable", "--batch_sizes=8"};
  const auto with = [&](const char* flag) {
    std::vector<const char*> flags = tails;
    flags.push_back(flag);
    return with_gpu(flags);
  };
  using Set = std::set<std::string>;
  EXPECT_EQ(caches(with("--seed=0"), CacheTier::host),
            (Set{"full cpu ", "full cuda ", "last_1 cpu host", "last_1 cuda host",
                 "joint_last_1 cpu host", "joint_last_1 cuda host"}));
  // A CPU has no device tier, and memory is never cold.
  EXPECT_EQ(
      caches(with("--caches=device,host,disk"), CacheTier::disk),
      (Set{"full cpu ", "full cuda ", "last_1 cpu host", "last_1 cuda host", "last_1 cuda device",
           "last_1 cpu disk", "last_1 cuda disk", "joint_last_1 cpu host", "joint_last_1 cuda host",
           "joint_last_1 cuda device", "joint_last_1 cpu disk", "joint_last_1 cuda disk"}));
  Options cold = with("--caches=device,host,disk");
  cold.axis_values[&axes().page_cache] = {"cold"};
  EXPECT_EQ(caches(cold, CacheTier::disk),
            (Set{"full cpu ", "full cuda ", "last_1 cpu disk", "last_1 cuda disk",
                 "joint_last_1 cpu disk", "joint_last_1 cuda disk"}));
  // A tail in the GPU's own memory copies nothing, so it is one row.
  const Options device = with("--caches=device");
  EXPECT_EQ(std::ranges::count_if(rows(device),
                                  [](const Combination& row) {
                                    return row.configuration == "last_1" &&
                                           row.is(axes().mode, "serial");
                                  }),
            1);
}

TEST(Rows, LeavesOutWhatCannotBe) {
  for (const std::string& name : names(with_gpu({}))) {
    EXPECT_EQ(name.find("DataToDevice/images/cpu"), std::string::npos) << name;
    EXPECT_FALSE(name.starts_with("WriteActivations") && name.find("/full/") != std::string::npos)
        << name;
  }
}

TEST(Rows, BatchSizesAreTheContractsByDevice) {
  std::set<std::int64_t> cpu;
  std::set<std::int64_t> cuda;
  for (const Combination& row : rows(with_gpu({"--steps=Inference"}))) {
    (row.device == "cpu" ? cpu : cuda).insert(row.batch);
  }
  EXPECT_EQ(cpu, (std::set<std::int64_t>{1, 8, 32}));
  EXPECT_EQ(cuda, (std::set<std::int64_t>{1, 32, 128, 256, 512, 1024}));
}

TEST(Rows, FlagsNarrowTheProductAndValuesGivenTwiceCountOnce) {
  const Options options =
      parse({"--devices=cpu", "--steps=Inference", "--architectures=resnet18,resnet18",
             "--configurations=full,last_3", "--batch_sizes=8,8", "--threads=1,2"});
  EXPECT_EQ(rows(options).size(), 4U);
}

TEST(Rows, LoadModelNamesHowBytesTravelWhereThatIsNotTheDefault) {
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
  // How batches are copied says nothing of how weights are.
  EXPECT_EQ(with({"--preset=study"}), (Names{cpu + end, cuda + end}));
  EXPECT_EQ(with({"--transfers=pinned_async"}), (Names{cpu + end, cuda + end}));
  EXPECT_EQ(with({"--weight_transfers=pinned,pageable"}),
            (Names{cpu + end, cuda + end, cuda + "/weight_transfer=pinned" + end}));
  EXPECT_EQ(with({"--reads=direct,mmap,buffered", "--page_caches=cold"}).size(), 6U);
  EXPECT_TRUE(with({"--reads=mmap", "--page_caches=cold", "--weight_transfers=pinned"})
                  .contains(cuda + "/page_cache=cold/read=mmap/weight_transfer=pinned" + end));
}

TEST(Rows, MaxBatchSizeNamesTheAllocatorOfAGpu) {
  const std::vector<const char*> flags{"--steps=MaxBatchSize,Inference",
                                       "--architectures=resnet18",
                                       "--configurations=full",
                                       "--batch_sizes=8",
                                       "--threads=4",
                                       "--memory_limit=4GB"};
  std::vector<const char*> both = flags;
  both.push_back("--allocators=default,expandable");
  const std::set<std::string> single{
      "Inference/resnet18/full/cpu/threads=4/batch:8/manual_time",
      "Inference/resnet18/full/cuda/batch:8/manual_time",
      "MaxBatchSize/resnet18/full/cpu/memory_limit=4GB/threads=4/manual_time",
      "MaxBatchSize/resnet18/full/cuda/memory_limit=4GB/manual_time"};
  EXPECT_EQ(names(with_gpu(flags)), single);
  std::set<std::string> two = single;
  two.insert("MaxBatchSize/resnet18/full/cuda/allocator=expandable/memory_limit=4GB/manual_time");
  EXPECT_EQ(names(with_gpu(both)), two);
}

TEST(Rows, TheCommonBatchIsSearchedWithTheAllocatorOfTheProcess) {
  const Options options =
      with_gpu({"--steps=Inference", "--architectures=resnet18", "--configurations=full",
                "--batch_sizes=common_max", "--memory_limit=4GB", "--allocators=expandable"});
  const auto found = [&] {
    std::set<std::string> all;
    for (const Combination& search :
         batch_searches(rows(options), options, step_of(Step::max_batch_size).rows.axes)) {
      if (search.on_gpu()) all.insert(search.name());
    }
    return all;
  };
  EXPECT_EQ(
      found(),
      (std::set<std::string>{"MaxBatchSize/resnet18/full/cuda/memory_limit=4GB/manual_time"}));
  const AllocatorScope expandable("expandable");
  EXPECT_EQ(
      found(),
      (std::set<std::string>{
          "MaxBatchSize/resnet18/full/cuda/allocator=expandable/memory_limit=4GB/manual_time"}));
}

TEST(Rows, FiltersAsGoogleBenchmarkDoes) {
  const Combinations all = rows(parse({"--devices=cpu", "--steps=Inference,LoadModel"}));
  const auto count = [&](const std::string& filter) { return filtered(all, filter).size(); };
  EXPECT_EQ(count(""), all.size());
  EXPECT_EQ(count("^LoadModel/") + count("-^LoadModel/"), all.size());
  EXPECT_EQ(count("^LoadModel/resnet18/(full|last_1)/"), 2U);
  EXPECT_EQ(count("nothing_like_it"), 0U);
  EXPECT_THROW((void)filtered(all, "(open"), std::invalid_argument);
}

}  // namespace
}  // namespace model_search
