// SPDX-License-Identifier: Apache-2.0
// Blocks: the time of each block of a network, and where loading cached outputs would pay.
#include <array>
#include <cstdio>
#include <memory>
#include <optional>
#include <vector>

#include "benchmarks/steps/network_fixture.h"
#include "benchmarks/steps/sampling.h"
#include "benchmarks/steps/steps.h"
#include "fixtures/devices/gpu_decoder.h"
#include "fixtures/devices/machine_watch.h"
#include "fixtures/measuring/sampler.h"
#include "fixtures/measuring/stopwatch.h"
#include "fixtures/searching/activation_shape.h"
#include "fixtures/searching/activations.h"
#include "fixtures/searching/cache_rate.h"
#include "fixtures/searching/steps_alone.h"

namespace model_search {
namespace {

constexpr std::int64_t distinct_batches = 2;
/// The number of batches whose stages are timed.
constexpr std::size_t timed_batches = 20;

std::string block_key(std::size_t block, const char* what) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "block_%02zu_%s", block, what);
  return text.data();
}

class Blocks : public NetworkFixture {
 public:
  using NetworkFixture::NetworkFixture;

 protected:
  void prepare() override {
    inputs_ = distinct_inputs(distinct_batches);
    network_.emplace(build_network());
    if (placement().fused) network_->compute_all();
    (void)check_features(*network_);
    measure_items();
    read_rate_ = session().rates.read(
        workers(), [&] { return cache_read_rate(session().activations, extraction_settings()); });
    upload_rate_ = device().is_cuda() ? session().rates.upload(device()) : 0;
  }

  Row measure() override {
    reset_peak_bytes(device());
    Row row;
    add_statistics(row,
                   sample(
                       device(), options().sampling,
                       [&](std::size_t index) { (void)network_->forward(input_of(index)); },
                       power_check(device())),
                   batch());
    const std::vector<double> stages = stage_seconds();
    double marked = 0;
    for (const double seconds : stages) marked += seconds;
    // Shows the cost of the marks between stages, and of a host that does not keep ahead.
    row.counters["stages_over_whole"] = marked / row.counters.at("p50");
    row.counters["stem_seconds"] = stages.front();
    row.counters["head_seconds"] = stages.back();
    row.counters["item_load_seconds"] = items_[pipeline_load_data];
    row.counters["item_copy_seconds"] = items_[pipeline_data_to_device];
    row.counters["read_rate"] = read_rate_;
    if (upload_rate_ > 0) row.counters["upload_rate"] = upload_rate_;
    add_blocks(row, stages);
    add_work(row, lengths());
    add_peak_bytes(row);
    return row;
  }

  void release() override {
    inputs_.clear();
    network_.reset();
    decoder_.reset();
  }

 private:
  [[nodiscard]] ExtractionSettings extraction_settings() const {
    ExtractionSettings settings;
    settings.mode = Mode::prefetch;
    settings.placement = placement();
    settings.batch = batch();
    settings.workers = workers();
    settings.prefetch = static_cast<std::size_t>(options().prefetch);
    settings.padding = input().padding;
    settings.gpu_decoder = decoder_.get();
    return settings;
  }

  /// Measures how long the items of a batch take to the device: loading (with decoding), while
  /// nothing else runs, and copying.
  void measure_items() {
    const InputSettings settings = input();
    if (is_gpu_decoder(settings.decoder)) {
      decoder_ =
          make_gpu_decoder(settings.decoder, placement(), session().data.settings().preprocessing);
    }
    const auto source = input_items(session(), settings, timed_batches * batch());
    const ExtractionSettings extraction = extraction_settings();
    prepare_buffers(*source, extraction);
    // The first pass makes what only a process's first pass pays for.
    for (int pass = 0; pass < 2; ++pass) {
      items_ = measure_steps_alone(
          *source, [](const NetworkInput&) {}, extraction);
    }
    // By items, since the last batch may be short.
    const double batches = static_cast<double>(source->size()) / static_cast<double>(batch());
    for (double& seconds : items_) seconds /= batches;
  }

  [[nodiscard]] const NetworkInput& input_of(std::size_t index) const {
    return inputs_[index % inputs_.size()];
  }

  [[nodiscard]] Lengths lengths() const {
    Lengths lengths;
    for (const NetworkInput& batch : inputs_) {
      const at::Tensor& mask = mask_of(batch);
      if (!mask.defined()) continue;
      lengths.add(static_cast<double>(mask.size(0)), static_cast<double>(mask.size(1)));
    }
    return lengths;
  }

  /// Median seconds of the stem, each block and the head within the whole network: batches run back
  /// to back with a mark after every stage.
  [[nodiscard]] std::vector<double> stage_seconds() const {
    const Network& network = network_->head(0);
    const std::size_t count = network.stages();
    Stopwatch stopwatch(device(), timed_batches * count + 1);
    ForwardContext context;
    (void)network.forward(input_of(0), context);
    stopwatch.mark();
    context.after_stage = [&stopwatch] { stopwatch.mark(); };
    for (std::size_t i = 0; i < timed_batches; ++i) {
      (void)network.forward(input_of(i + 1), context);
    }
    const std::vector<double> laps = stopwatch.laps();
    std::vector<double> medians;
    for (std::size_t stage = 0; stage < count; ++stage) {
      std::vector<double> times;
      for (std::size_t i = 0; i < timed_batches; ++i) times.push_back(laps[i * count + stage]);
      medians.push_back(summarize(times).p50);
    }
    return medians;
  }

  /// Adds for each block its seconds for a batch, the bytes of its output for an item, and whether
  /// reading the outputs of a batch back (from storage, then to a GPU, one after the other) takes
  /// less time than the whole path to them: loading the items, copying them, and all stages up to
  /// the block, one after the other too.
  void add_blocks(Row& row, const std::vector<double>& stages) const {
    double recompute =
        items_[pipeline_load_data] + items_[pipeline_data_to_device] + stages.front();
    const auto tokens = static_cast<std::int64_t>(lengths().mean());
    bool found = false;
    for (std::size_t block = 0; block + 2 < stages.size(); ++block) {
      const auto index = static_cast<std::int64_t>(block);
      recompute += stages[block + 1];
      const auto bytes = static_cast<double>(bytes_of(activation_shape(
          architecture(), {.stem = true, .first_block = 0, .last_block = index + 1, .head = false},
          tokens)));
      const double batch_bytes = bytes * static_cast<double>(batch());
      double load = batch_bytes / read_rate_;
      if (upload_rate_ > 0) load += batch_bytes / upload_rate_;
      row.counters[block_key(block, "seconds")] = stages[block + 1];
      row.counters[block_key(block, "output_bytes")] = bytes;
      row.counters[block_key(block, "macs")] =
          session()
              .stage_facts
              .work(candidate(),
                    {.stem = false, .first_block = index, .last_block = index + 1, .head = false},
                    lengths())
              .macs;
      row.counters[block_key(block, "load_seconds")] = load;
      row.counters[block_key(block, "recompute_seconds")] = recompute;
      if (!found && load < recompute) {
        row.counters["first_block_worth_loading"] = static_cast<double>(block);
        found = true;
      }
    }
  }

  std::vector<NetworkInput> inputs_;
  std::optional<JointNetwork> network_;
  std::unique_ptr<GpuDecoder> decoder_;  ///< nullptr where the CPU decodes
  StepSeconds items_{};                  ///< seconds of a batch before the network
  double read_rate_ = 0;
  double upload_rate_ = 0;
};

const std::vector<Counter> blocks_counters{
    {"stem_seconds", "s", "lower", "Blocks: median seconds of a batch in the stem"},
    {"head_seconds", "s", "lower", "Blocks: median seconds of a batch in the head"},
    {"block_<n>_seconds", "s", "lower", "Blocks: median seconds of a batch in block n"},
    {"block_<n>_output_bytes", "bytes/item", "",
     "Blocks: bytes of an item's activations after block n"},
    {"block_<n>_macs", "MACs", "",
     "Blocks: multiply-accumulate operations of block n for one item"},
    {"block_<n>_load_seconds", "s", "lower",
     "Blocks: seconds of reading the activations after block n for a batch and copying them to the "
     "device"},
    {"block_<n>_recompute_seconds", "s", "lower",
     "Blocks: seconds of loading the items of a batch, copying them and computing the activations "
     "after block n"},
    {"first_block_worth_loading", "block", "",
     "Blocks: first block whose output is read faster than loaded, copied and computed again"},
    {"item_load_seconds", "s", "lower",
     "Blocks: seconds of loading the items of a batch with the row's workers"},
    {"item_copy_seconds", "s", "lower",
     "Blocks: seconds of copying the items of a batch to the device"},
    {"stages_over_whole", "ratio", "",
     "Blocks: seconds of all stages with marks between them over p50"},
    {"read_rate", "bytes/s", "",
     "Blocks: bytes per second at which the row's workers read cached activations"},
    {"upload_rate", "bytes/s", "",
     "Blocks: bytes per second of copies from pinned memory to the GPU"},
};

}  // namespace

StepEntry blocks_step() {
  const Axes& a = axes();
  return {
      .rows = {.step = Step::blocks,
               .subjects = Subjects::candidates,
               .axes = {&a.device, &a.max_length, &a.padding, &a.pooling, &a.layout, &a.precision,
                        &a.threads, &a.execution, &a.decoder, &a.input, &a.workers, &a.batch},
               .configuration = "full",
               .batches = one_batch},
      // 2: loading at a cut is measured, at the rate of the reader with all its threads.
      .row_version = 2,
      .counters = blocks_counters,
      .make = make_fixture<Blocks>};
}

}  // namespace model_search
