// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/candidates.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>
#include <c10/core/InferenceMode.h>

#include <cstdio>

#include "benchmarks/calibration_photographs.h"
#include "fixtures/stopwatch.h"

namespace model_search {
namespace {

/// Takes tensors from a checkpoint and puts each on the device, noting what either took.
class DeviceSource : public TensorSource {
 public:
  DeviceSource(TensorSource& host, const Device& device, LoadSeconds& seconds)
      : host_(host), device_(device), seconds_(seconds) {}

  at::Tensor get(const std::string& name, at::IntArrayRef shape, Init init) override {
    const HostClock reading;
    at::Tensor tensor = host_.get(name, shape, init);
    seconds_.read += reading.seconds();
    seconds_.bytes += tensor.nbytes();
    if (!device_.is_cuda()) return tensor;
    const HostClock copying;
    tensor = tensor.to(device_.torch());
    seconds_.to_device += copying.seconds();
    return tensor;
  }

 private:
  TensorSource& host_;
  const Device& device_;
  LoadSeconds& seconds_;
};

/// Tensors of ones, for a pass that only counts.
class CountingSource : public TensorSource {
 public:
  at::Tensor get(const std::string&, at::IntArrayRef shape, Init) override {
    return at::empty(shape, at::TensorOptions(at::kFloat)).fill_(1e-3);
  }
};

}  // namespace

std::filesystem::path Candidates::file_of(const Architecture& architecture) {
  const std::string name(architecture.name);
  if (!options_.weights_dir.empty()) return options_.weights_dir / (name + ".safetensors");
  bool told = false;
  return ensure_random_weights(options_.cache_dir, architecture, options_.seed, [&] {
    if (!told) std::fprintf(stderr, "Making random weights for %s (once)\n", name.c_str());
    told = true;
    return calibration_photographs(static_cast<std::size_t>(options_.workers.front()));
  });
}

const SafetensorsFile& Candidates::checkpoint(const std::string& subject) {
  if (const auto known = checkpoints_.find(subject); known != checkpoints_.end()) {
    return *known->second;
  }
  // A checkpoint that failed once is not read again for every row that needs it.
  if (const auto known = errors_.find(subject); known != errors_.end()) {
    throw std::runtime_error(known->second);
  }
  try {
    const Architecture& architecture = find_architecture(subject);
    auto file = std::make_unique<SafetensorsFile>(file_of(architecture));
    check_checkpoint(*file, architecture);
    return *(checkpoints_[subject] = std::move(file));
  } catch (const std::exception& error) {
    errors_[subject] = error.what();
    throw;
  }
}

std::string Candidates::describe_weights(const std::string& subject) {
  const SafetensorsFile& file = checkpoint(subject);
  if (random_weights()) return "random (seed " + std::to_string(options_.seed) + ")";
  return file.path().filename().string() + " " +
         hash(subject, full_range(find_architecture(subject)));
}

Network Candidates::build(const std::string& subject, const StageRange& range, const Device& device,
                          LoadSeconds* seconds) {
  const Architecture& architecture = find_architecture(subject);
  const SafetensorsFile file(checkpoint(subject).path());
  CheckpointSource host(file);
  LoadSeconds spent;
  DeviceSource source(host, device, spent);
  Network network = architecture.build(architecture, source, range);
  synchronize(device);
  if (seconds != nullptr) *seconds = spent;
  return network;
}

std::string Candidates::hash(const std::string& subject, const StageRange& range) {
  const std::string key = subject + (range.stem ? "+" : "-") + std::to_string(range.first_block) +
                          "-" + std::to_string(range.last_block) + (range.head ? "+" : "-");
  std::string& hash = hashes_[key];
  if (hash.empty()) hash = hash_tensors(checkpoint(subject), find_architecture(subject), range);
  return hash;
}

const std::vector<Candidates::StageFacts>& Candidates::stage_facts(const std::string& subject) {
  std::vector<StageFacts>& facts = stage_facts_[subject];
  if (!facts.empty()) return facts;
  const c10::InferenceMode inference;
  const Architecture& architecture = find_architecture(subject);
  CountingSource source;
  const Network network = architecture.build(architecture, source, full_range(architecture));
  std::vector<std::int64_t> shape = architecture.input_shape;
  shape.insert(shape.begin(), 1);
  at::Tensor activations = at::zeros(shape);
  for (std::size_t i = 0; i < network.stages(); ++i) {
    StageFacts& stage = facts.emplace_back();
    ForwardContext context;
    context.macs = &stage.macs;
    activations = network.stage(i).forward(activations, context);
    stage.output = activations.sizes().slice(1).vec();
  }
  return facts;
}

Work Candidates::work(const std::string& subject, const StageRange& range) {
  const std::vector<StageFacts>& facts = stage_facts(subject);
  Work work;
  work.params = parameter_count(find_architecture(subject), range);
  if (range.stem) work.macs += facts.front().macs;
  if (range.head) work.macs += facts.back().macs;
  for (std::int64_t block = range.first_block; block < range.last_block; ++block) {
    work.macs += facts.at(static_cast<std::size_t>(block) + 1).macs;
  }
  return work;
}

std::vector<std::int64_t> Candidates::output_shape(const std::string& subject,
                                                   const StageRange& range) {
  const std::vector<StageFacts>& facts = stage_facts(subject);
  if (range.head) return facts.back().output;
  return facts.at(static_cast<std::size_t>(range.last_block)).output;
}

}  // namespace model_search
