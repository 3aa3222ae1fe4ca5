// SPDX-License-Identifier: Apache-2.0
// LoadData: files opened -> a batch complete in host memory, in steady state, consumer idle.
#include <algorithm>

#include "benchmarks/activations.h"
#include "benchmarks/step_fixture.h"
#include "benchmarks/steps.h"
#include "datasets/loader.h"
#include "fixtures/stopwatch.h"

namespace model_search {
namespace {

class LoadData : public StepFixture {
 public:
  using StepFixture::StepFixture;

 protected:
  void prepare() override {
    padding_ = input().padding;
    source_ = input_items(session(), input(), 0);
  }

  Row measure() override {
    LoaderOptions loading;
    loading.batch_size = batch();
    loading.workers = workers();
    loading.prefetch = static_cast<std::size_t>(options().prefetch);
    // One more than measured, so that the last measured batch still has the workers busy ahead.
    loading.items =
        batch() * (std::max(options().sampling.batches, options().sampling.warmup_batches + 1) +
                   loading.prefetch + 1);
    const HostClock start;
    Loader loader(*source_, loading);
    const double worker_start = start.seconds();

    ReadSeconds sum;
    std::size_t read_batches = 0;
    const Samples samples = sample_blocking(options().sampling, [&](std::size_t) {
      const Batch loaded = *loader.next();
      (void)batch_tensors(loaded, source_->shape(), padding_);
      sum.storage += loaded.read.storage;
      sum.decode += loaded.read.decode;
      sum.preprocess += loaded.read.preprocess;
      ++read_batches;
    });

    Row row;
    add_statistics(row, samples, batch());
    row.counters["worker_start_seconds"] = worker_start;
    row.counters["distinct_items"] =
        static_cast<double>(std::min(source_->size(), batch() * read_batches));
    // Seconds of worker threads per batch, all workers together.
    const auto per_batch = static_cast<double>(read_batches);
    row.counters["storage_thread_seconds"] = sum.storage / per_batch;
    if (combination().subject == "text") {
      row.counters["tokenize_thread_seconds"] = sum.decode / per_batch;
    } else {
      row.counters["decode_thread_seconds"] = sum.decode / per_batch;
      row.counters["preprocess_thread_seconds"] = sum.preprocess / per_batch;
    }
    return row;
  }

  void release() override { source_.reset(); }

 private:
  Padding padding_ = Padding::fixed;
  std::shared_ptr<const ItemSource> source_;
};

}  // namespace

std::unique_ptr<StepFixture> make_load_data(Session& session, const Combination& combination) {
  return std::make_unique<LoadData>(session, combination);
}

}  // namespace model_search
