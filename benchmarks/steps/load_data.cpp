// SPDX-License-Identifier: Apache-2.0
// LoadData: from opening the files until a batch is complete where the decoder leaves it (in host
// memory, or in that of a GPU that decodes), in steady state, with an idle consumer.
#include <algorithm>
#include <set>

#include "benchmarks/steps/loader_counters.h"
#include "benchmarks/steps/sampling.h"
#include "benchmarks/steps/step_fixture.h"
#include "benchmarks/steps/steps.h"
#include "datasets/loading/loader.h"
#include "fixtures/devices/gpu_decoder.h"
#include "fixtures/measuring/lap_timer.h"
#include "fixtures/measuring/student_interval.h"
#include "fixtures/searching/activations.h"
#include "fixtures/searching/input_feed.h"

namespace model_search {
namespace {

/// The fewest batches whose mean has an interval.
constexpr std::size_t batches_with_interval = 16;

class LoadData : public StepFixture {
 public:
  using StepFixture::StepFixture;

 protected:
  void prepare() override {
    padding_ = input().padding;
    source_ = input_items(session(), input(), 0);
    if (!device().is_cuda()) return;
    const HostClock making;
    decoder_ = make_gpu_decoder(input().decoder, device(), session().data.settings().preprocessing);
    decoder_seconds_ = making.seconds();
  }

  Row measure() override {
    prepare_page_cache(*source_);
    Row row = device().is_cuda() ? measure_on_gpu() : measure_on_host();
    row.counters["bytes_per_item"] = static_cast<double>(bytes_of(source_->shape()));
    return row;
  }

  void release() override {
    source_.reset();
    decoder_.reset();
  }

 private:
  /// Limits the number of batches, so that with a cold page cache no item is read twice.
  [[nodiscard]] Sampling sampling() const {
    Sampling sampling = options().sampling;
    if (!cold()) return sampling;
    const std::size_t distinct = source_->size() / batch();
    if (distinct < 3) {
      throw std::runtime_error(
          "page_cache=cold reads each item once: " + std::to_string(source_->size()) +
          " items are too few for batches of " + std::to_string(batch()) +
          ": at least 3 batches are needed; choose smaller --batch_sizes");
    }
    // Measures no batch twice, because the second read would come from memory.
    sampling.precision_target = 0;
    sampling.batches = std::min(sampling.batches, distinct);
    sampling.warmup_batches = std::min(sampling.warmup_batches, sampling.batches / 3);
    return sampling;
  }
  [[nodiscard]] bool cold() const { return combination().is(axes().page_cache, "cold"); }

  /// The items to read: more than are measured, so that the workers are still busy during the last
  /// measured batch.
  [[nodiscard]] std::size_t items_to_read(const Sampling& sampling, std::size_t prefetch) const {
    const std::size_t batches = sampling.most_batches();
    if (cold()) return batches * batch();
    return batch() * (batches + prefetch + 1);
  }

  /// The batches until every item was read. The last of them may hold items of a second pass.
  [[nodiscard]] std::size_t read_batches_of_pass() const {
    return (source_->size() + batch() - 1) / batch();
  }

  Row measure_on_host() {
    const Sampling rule = sampling();
    LoaderOptions loading;
    loading.batch_size = batch();
    loading.workers = workers();
    loading.prefetch = static_cast<std::size_t>(options().prefetch);
    loading.items = items_to_read(rule, loading.prefetch);
    const HostClock start;
    Loader loader(*source_, loading);
    const double worker_start = start.seconds();

    LoaderUse use;          // until the last batch arrived
    double elapsed = 0;     // seconds until the last batch arrived
    double first_pass = 0;  // seconds until every item was read once
    std::size_t read_batches = 0;
    const Samples samples = sample_blocking(rule, [&](std::size_t) {
      const LoadedItems loaded = *loader.next();
      (void)batch_tensors(loaded, source_->shape(), source_->content(), padding_);
      use.waiting = loader.waiting_seconds();
      elapsed = start.seconds();
      use.read += loaded.read;
      ++read_batches;
      if (first_pass == 0 && read_batches * batch() >= source_->size()) first_pass = elapsed;
    });

    Row row;
    add_statistics(row, samples, batch());
    row.counters["worker_start_seconds"] = worker_start;
    if (first_pass > 0) {
      // This is the rate that a search has: it includes the start of the workers and the first
      // batch.
      row.counters["first_pass_items_per_second"] =
          static_cast<double>(read_batches_of_pass() * batch()) / first_pass;
    }
    row.counters["distinct_items"] =
        static_cast<double>(std::min(source_->size(), batch() * read_batches));
    row.counters["bytes_per_second"] =
        static_cast<double>(bytes_of(source_->shape()) * batch()) / row.seconds;
    // Workers deliver several batches at a time, so that the median of a batch says little.
    if (samples.measured.size() >= batches_with_interval) {
      row.counters["ci95_rel"] = relative_interval_of_blocks(samples.measured);
    } else {
      row.counters.erase("ci95_rel");
    }
    add_loader_use(row, use, source_->content(), read_batches);
    row.counters["busy_fraction"] =
        std::max(0.0, 1 - use.waiting / (elapsed * static_cast<double>(workers())));
    return row;
  }

  Row measure_on_gpu() {
    const Sampling rule = sampling();
    ExtractionSettings settings;
    settings.placement = device();
    settings.batch = batch();
    settings.workers = workers();
    settings.gpu_decoder = decoder_.get();
    const auto prefetch = static_cast<std::size_t>(options().prefetch);
    settings.mode = Mode::prefetch;
    settings.prefetch = prefetch;
    prepare_buffers(*source_, settings);
    const HostClock start;
    InputFeed feed(*source_, settings, prefetch, items_to_read(rule, prefetch));
    const double worker_start = start.seconds();
    LapTimer decoding(device(), rule.most_batches() + 1);
    double read_wait = 0;  // seconds in which this thread waited for files
    // A sample lies between the ends of two batches: the next batch is submitted while one is
    // decoded.
    const Samples samples = sample_blocking(rule, [&](std::size_t index) {
      const HostClock reading;
      (void)feed.load();
      read_wait += reading.seconds();
      decoding.start();
      batch_ = feed.deliver();
      decoding.stop();
      if (index > 0) decoding.wait(index - 1);
    });
    decoding.wait();

    Row row;
    add_statistics(row, samples, batch());
    const auto per_batch = static_cast<double>(decoding.laps());
    row.counters["worker_start_seconds"] = worker_start;
    row.counters["distinct_items"] =
        static_cast<double>(std::min(source_->size(), batch() * decoding.laps()));
    row.counters["decoder_start_seconds"] = decoder_seconds_;
    row.counters["decode_device_seconds"] = decoding.seconds() / per_batch;
    row.counters["wait_for_files_seconds"] = read_wait / per_batch;
    add_loader_use(row, feed.use(), source_->content(), decoding.laps());
    row.label = feed.decoder_facts();
    batch_ = {};
    return row;
  }

  Padding padding_ = Padding::fixed;
  std::shared_ptr<const ItemSource> source_;
  std::unique_ptr<GpuDecoder> decoder_;
  double decoder_seconds_ = 0;
  NetworkInput batch_;  ///< the last batch that a GPU decoded
};

/// The devices: batches are complete in host memory, whatever device they go to next, unless a GPU
/// decodes.
Values where_batches_are_made(const Options& options) {
  Values devices{"cpu"};
  for (const Value& device : options.of(axes().device)) {
    if (device != Value("cpu")) devices.push_back(device);
  }
  return devices;
}

/// The batch sizes of all devices, ascending.
Values batches_of_all_devices(const Combination& row, const Options& options) {
  std::set<std::int64_t> sizes;
  for (const std::string& device : options.words(axes().device)) {
    Combination there = row;
    there.device = device;
    for (const Value& size : swept_batches(there, options)) {
      sizes.insert(std::get<std::int64_t>(size));
    }
  }
  return {sizes.begin(), sizes.end()};
}

bool is_made_there(const Combination& row) {
  return row.on_gpu() == (row.has(axes().decoder) && is_gpu_decoder(row.word(axes().decoder)));
}

const std::vector<Counter> load_data_counters{
    {"worker_start_seconds", "s", "lower", "seconds until the loader's threads run"},
    {"first_pass_items_per_second", "items/s", "higher",
     "items per second of the first pass over the data set, the start of the threads included"},
    {"busy_fraction", "share", "", "share of their time in which the loader's threads worked"},
    {"decoder_start_seconds", "s", "lower", "seconds of starting a GPU's decoder, once per row"},
    {"decode_device_seconds", "s", "lower", "seconds of a batch in a GPU's decoder"},
    {"wait_for_files_seconds", "s", "lower",
     "seconds per batch in which a GPU's decoder waited for files"},
};

}  // namespace

StepEntry load_data_step() {
  const Axes& a = axes();
  return {.rows = {.step = Step::load_data,
                   .subjects = Subjects::inputs,
                   .axes = {&a.device, &a.data, &a.batch, &a.max_length, &a.padding, &a.tokenizer,
                            &a.decoder, &a.input, &a.page_cache, &a.workers, &a.storage},
                   .batches = batches_of_all_devices,
                   .devices = where_batches_are_made,
                   .accepts = is_made_there},
          // 2: Pillow 13's order of passes, and nvJPEG waits until its memory is free.
          .row_version = 2,
          .counters = load_data_counters,
          .make = make_fixture<LoadData>};
}

}  // namespace model_search
