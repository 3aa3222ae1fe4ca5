// SPDX-License-Identifier: Apache-2.0
// EndToEnd: one candidate over every item once, from the start of loading it until its score.
#include <algorithm>
#include <memory>
#include <vector>

#include "benchmarks/activations.h"
#include "benchmarks/extraction.h"
#include "benchmarks/feature_file.h"
#include "benchmarks/network_fixture.h"
#include "benchmarks/score_features.h"
#include "benchmarks/steps.h"
#include "fixtures/stopwatch.h"

namespace model_search {
namespace {

class EndToEnd : public NetworkFixture {
 public:
  using NetworkFixture::NetworkFixture;

 protected:
  void prepare() override {
    range_ = configuration().tail(architecture());
    prefetch_ = combination().key("mode", "serial") == "prefetch";
    probe_.kind = combination().key("probe", "full_batch");
    probe_.seed = options().seed;
    items_ = photographs(session(), decoder(), static_cast<std::size_t>(options().items));
    source_ = items_;
    if (!configuration().full()) {
      const CachedActivations cached = ensure_activations(
          session(),
          {combination().subject, configuration().trunk(architecture()), device(), decoder(),
           precision(), workers(), batch(), static_cast<std::size_t>(options().items)});
      source_ = cached.source;
      build_seconds_ = cached.build_seconds;
    }
    labels_.resize(items_->size());
    for (std::size_t i = 0; i < labels_.size(); ++i) labels_[i] = items_->label(i);
    (void)stratified_split(labels_, options().seed);  // Refuses too few items before the work.
    warm_up();
    const HostClock pinning;
    if (device().is_cuda() && extraction_settings().pinned) {
      prepare_buffers(*source_, extraction_settings());
    }
    pin_seconds_ = pinning.seconds();
  }

  Row measure() override {
    const ExtractionSettings settings = extraction_settings();
    reset_peak_bytes(device());

    const HostClock elapsed;
    LoadSeconds split;
    const Network network =
        session().candidates.build(combination().subject, range_, device(), &split);
    const double load_model = elapsed.seconds();
    const Extraction extraction = prefetch_ ? extract_with_prefetch(*source_, network, settings)
                                            : extract_serially(*source_, network, settings);
    const HostClock scoring;
    const ProbeData data = split_features(extraction.features, labels_, options().seed);
    const ProbeResult result =
        run_probe(data.train, data.train_labels, data.test, data.test_labels, data.classes, probe_);
    const double score = scoring.seconds();
    const double end_to_end = elapsed.seconds();

    Row row;
    row.seconds = end_to_end;
    auto& counters = row.counters;
    counters["end_to_end"] = end_to_end;
    counters["load_model"] = load_model;
    counters["load_data"] = extraction.load_data;
    counters["data_to_device"] = extraction.data_to_device;
    counters["inference"] = extraction.inference;
    counters["score"] = score;
    counters["other"] = end_to_end - load_model - extraction.load_data - extraction.data_to_device -
                        extraction.inference - score;
    counters["extract_seconds"] = extraction.elapsed;
    counters["items"] = static_cast<double>(labels_.size());
    counters["items_per_second"] = static_cast<double>(labels_.size()) / end_to_end;
    counters["batches"] = static_cast<double>(extraction.batches);
    counters["distinct_items"] = static_cast<double>(labels_.size());
    counters["accuracy"] = result.accuracy;
    counters["loss"] = result.loss;
    counters["converged"] = result.converged ? 1 : 0;
    if (device().is_cuda()) counters["pin_seconds"] = pin_seconds_;
    add_work(row);
    add_peak_bytes(row);
    note(row, result, extraction.features);
    return row;
  }

  void release() override {
    items_.reset();
    source_.reset();
  }

 private:
  [[nodiscard]] ExtractionSettings extraction_settings() const {
    ExtractionSettings settings;
    settings.device = device();
    settings.batch = batch();
    settings.workers = workers();
    settings.prefetch = prefetch_ ? static_cast<std::size_t>(options().prefetch) : 0;
    settings.pinned = combination().key("transfer", "pinned") == "pinned";
    return settings;
  }

  /// One batch through the network, checked against the reference: libraries load their kernels
  /// with the first batch of a process, and no candidate but the first would pay for that.
  void warm_up() const {
    const Network network = session().candidates.build(combination().subject, range_, device());
    check_features(network);
    (void)network.forward(activations_at_cut(static_cast<std::int64_t>(batch())));
    synchronize(device());
  }

  /// What other rows, the ranking and --features_dir need of this one.
  void note(Row& row, const ProbeResult& result, const at::Tensor& features) const {
    // What can change features or score; rows that differ in other settings rank together.
    const std::string settings = combination().device + ", decoder " + decoder() + ", precision " +
                                 precision() + ", probe " + probe_.kind;
    session().ranking.add({combination().subject, combination().configuration, settings,
                           result.accuracy, result.loss, row.seconds});
    Combination full = combination();
    full.configuration = "full";
    if (configuration().full()) {
      session().full_seconds[full.name()] = row.seconds;
    } else {
      row.counters["build_cache"] = build_seconds_;
      row.counters["bytes_per_item"] = static_cast<double>(source_->shape().bytes());
      const auto known = session().full_seconds.find(full.name());
      if (known != session().full_seconds.end() && known->second > row.seconds) {
        // Searches until building the cache and running tails has cost less than full networks.
        row.counters["cache_pays_after"] = build_seconds_ / (known->second - row.seconds);
      }
    }
    if (options().features_dir.empty()) return;
    std::vector<std::string> names = session().data.item_names();
    if (names.size() != labels_.size()) {
      std::vector<std::string> spread(labels_.size());
      for (std::size_t i = 0; i < spread.size(); ++i) {
        spread[i] = names[i * names.size() / spread.size()];
      }
      names = std::move(spread);
    }
    write_feature_file(options().features_dir, combination().subject, combination().configuration,
                       features, labels_, names,
                       {{"weights", session().candidates.describe_weights(combination().subject)},
                        {"data", session().data.folder().identity()},
                        {"split", options().split}});
  }

  StageRange range_;
  bool prefetch_ = false;
  ProbeOptions probe_;
  std::shared_ptr<const ItemSource> items_;
  std::shared_ptr<const ItemSource> source_;
  std::vector<std::int64_t> labels_;
  double build_seconds_ = 0;
  double pin_seconds_ = 0;
};

}  // namespace

std::unique_ptr<StepFixture> make_end_to_end(Session& session, const Combination& combination) {
  return std::make_unique<EndToEnd>(session, combination);
}

}  // namespace model_search
