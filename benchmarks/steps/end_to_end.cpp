// SPDX-License-Identifier: Apache-2.0
// EndToEnd: one candidate over every item once, from the start of loading it until its score.
#include <ATen/TensorOperators.h>
#include <ATen/ops/mean.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <vector>

#include "benchmarks/steps/network_fixture.h"
#include "benchmarks/steps/steps.h"
#include "fixtures/devices/gpu_decoder.h"
#include "fixtures/devices/precision.h"
#include "fixtures/measuring/stopwatch.h"
#include "fixtures/searching/activations.h"
#include "fixtures/searching/extraction.h"
#include "fixtures/searching/feature_file.h"
#include "fixtures/searching/input_feed.h"
#include "fixtures/searching/score_features.h"

namespace model_search {
namespace {

/// One search of a candidate, or of all heads of a joint model: seconds and results.
struct SearchRun {
  double load_model = 0;
  Extraction extraction;
  double score = 0;
  double end_to_end = 0;
  std::vector<ProbeResult> results;  ///< of each head
};

constexpr std::size_t decoded_items = 16;  ///< compared between two decoders
/// How far decoders may move an item's features, relative to their distance from the mean item's.
constexpr double decoding_tolerance = 0.03;

double decoding_distance(const at::Tensor& features, const at::Tensor& expected) {
  const at::Tensor spread = (expected - expected.mean(0, true)).norm(2, at::IntArrayRef{1});
  return ((features - expected).norm(2, at::IntArrayRef{1}) / spread).max().item<double>();
}

std::string_view pipeline_step_name(std::size_t step) {
  constexpr std::array steps{Step::load_data, Step::data_to_device, Step::inference};
  return step_name(steps.at(step)).counter;
}

class EndToEnd : public NetworkFixture {
 public:
  using NetworkFixture::NetworkFixture;

 protected:
  void prepare() override {
    input_ = input();
    heads_ = heads();
    mode_ = combination().word(axes().mode);
    probe_.kind = combination().word(axes().probe);
    probe_.seed = options().seed;
    items_ = input_items(session(), input_, static_cast<std::size_t>(options().items));
    source_ = items_;
    if (!configuration().full()) find_cache();
    if (!configuration().reads_items()) source_ = cached_.source;
    labels_ = labels_of(*items_);
    (void)stratified_split(labels_, options().seed);  // Refuses too few items before the work.
    if (is_gpu_decoder(input_.decoder) && configuration().reads_items()) {
      decoder_ = make_gpu_decoder(input_.decoder, placement(), Preprocessing{});
    }
    warm_up();
    const HostClock pinning;
    prepare_buffers(*source_, extraction_settings(*source_));
    if (configuration().joint() && cached_.source) {
      prepare_buffers(*cached_.source, extraction_settings(*cached_.source));
    }
    pin_seconds_ = pinning.seconds();
  }

  Row measure() override {
    reset_peak_bytes(device());
    prepare_page_cache(*source_);
    const SearchRun run = search(*source_, [this] {
      return build_model(session().candidates, candidate(), configuration(), heads_, placement());
    });
    Row row;
    row.seconds = run.end_to_end;
    add_seconds(row, run);
    auto& counters = row.counters;
    counters["items"] = static_cast<double>(labels_.size());
    counters["items_per_second"] = static_cast<double>(labels_.size()) / run.end_to_end;
    counters["batches"] = static_cast<double>(run.extraction.batches);
    counters["distinct_items"] = static_cast<double>(labels_.size());
    counters["bytes_per_item"] = static_cast<double>(bytes_of(source_->shape()));
    if (device().is_cuda()) counters["pin_seconds"] = pin_seconds_;
    counters["feature_distance"] = feature_distance_;
    if (input_.kind == "text") counters["mean_length"] = run.extraction.lengths.mean();
    add_work(row, run.extraction.lengths);
    add_peak_bytes(row);
    add_scores(row, run);
    if (configuration().joint()) add_gain(row, run);
    if (mode_ == "overlapped") add_steps_alone(row, run);
    add_cache(row);
    write_features(run);
    return row;
  }

  void release() override {
    decoder_.reset();
    items_.reset();
    source_.reset();
    cached_ = {};
  }

 private:
  [[nodiscard]] ActivationRequest trunk_request() const {
    return {candidate(),    configuration().trunk(architecture()),
            device(),       input_,
            precision(),    workers(),
            batch(),        static_cast<std::size_t>(options().items),
            /*timed=*/true, placement().format,
            storage()};
  }

  /// The trunk's activations. A joint model needs none itself: where they cannot be kept, it only
  /// is not compared with cached tails.
  void find_cache() {
    try {
      cached_ = ensure_activations(session(), trunk_request());
    } catch (const std::runtime_error& error) {
      if (!configuration().joint()) throw;
      std::fprintf(stderr, "%s is not compared with cached tails: %s\n",
                   combination().name().c_str(), error.what());
    }
  }

  [[nodiscard]] ExtractionSettings extraction_settings(const ItemSource& source) const {
    ExtractionSettings settings;
    settings.placement = placement();
    settings.batch = batch();
    settings.workers = workers();
    settings.prefetch = mode_ == "serial" ? 0 : static_cast<std::size_t>(options().prefetch);
    settings.transfer = find_transfer(combination().word(axes().transfer));
    settings.padding = input_.padding;
    // A joint model is also compared with tails, which read activations.
    if (&source == items_.get()) {
      settings.gpu_decoder = decoder_.get();
    }
    return settings;
  }

  [[nodiscard]] static Transfer find_transfer(const std::string& name) {
    if (name == "pageable") return Transfer::pageable;
    return name == "pinned_async" ? Transfer::pinned_async : Transfer::pinned;
  }

  [[nodiscard]] Extraction extract(const ItemSource& source, const JointNetwork& network) const {
    const ExtractionSettings settings = extraction_settings(source);
    if (mode_ == "overlapped") return extract_overlapped(source, network, settings);
    if (mode_ == "prefetch") return extract_with_prefetch(source, network, settings);
    return extract_serially(source, network, settings);
  }

  /// The timed region: load the network, extract the features of all items, score each head.
  template <typename Build>
  [[nodiscard]] SearchRun search(const ItemSource& source, const Build& build) const {
    SearchRun run;
    const HostClock elapsed;
    const JointNetwork network = build();
    run.load_model = elapsed.seconds();
    run.extraction = extract(source, network);
    const HostClock scoring;
    for (const at::Tensor& features : run.extraction.features) {
      const ProbeData data = split_features(features, labels_, options().seed);
      run.results.push_back(run_probe(data.train, data.train_labels, data.test, data.test_labels,
                                      data.classes, probe_));
    }
    run.score = scoring.seconds();
    run.end_to_end = elapsed.seconds();
    return run;
  }

  void add_seconds(Row& row, const SearchRun& run) const {
    auto& counters = row.counters;
    const Extraction& extraction = run.extraction;
    counters["end_to_end"] = run.end_to_end;
    counters["load_model"] = run.load_model;
    counters["score"] = run.score;
    counters["extract_seconds"] = extraction.elapsed;
    if (mode_ == "overlapped") {
      // The steps between overlap: each has its own share of the time, and they add up to more.
      std::size_t limit = 0;
      for (std::size_t i = 0; i < pipeline_steps; ++i) {
        const std::string name(pipeline_step_name(i));
        counters["busy_" + name] = extraction.busy[i];
        counters["wait_" + name] = extraction.wait[i];
        if (extraction.busy[i] > extraction.busy[limit]) limit = i;
      }
      counters["limit_fraction"] = extraction.busy[limit] / extraction.elapsed;
      counters["other"] = run.end_to_end - run.load_model - extraction.elapsed - run.score;
      row.label = "limit=" + std::string(pipeline_step_name(limit));
      return;
    }
    double sum = run.load_model + run.score;
    for (std::size_t i = 0; i < pipeline_steps; ++i) {
      counters[std::string(pipeline_step_name(i))] = extraction.exclusive[i];
      sum += extraction.exclusive[i];
    }
    counters["other"] = run.end_to_end - sum;
  }

  /// What each step takes alone, measured after the row itself: the pipeline can be no faster than
  /// the slowest of them.
  void add_steps_alone(Row& row, const SearchRun& run) const {
    const JointNetwork network = build_network();
    prepare_page_cache(*source_);
    const StepSeconds alone = measure_steps_alone(*source_, network, extraction_settings(*source_));
    double slowest = 0;
    for (std::size_t i = 0; i < pipeline_steps; ++i) {
      row.counters["alone_" + std::string(pipeline_step_name(i))] = alone[i];
      slowest = std::max(slowest, alone[i]);
    }
    row.counters["elapsed_over_slowest_alone"] = run.extraction.elapsed / slowest;
  }

  /// One batch through the network, checked against the reference: libraries load their kernels
  /// with the first batch of a process, and no candidate but the first would pay for that.
  void warm_up() {
    const JointNetwork network = build_network();
    feature_distance_ = check_features(network);
    const Activations input = network_input(placement(), static_cast<std::int64_t>(batch()));
    (void)network.forward(input);
    synchronize(device());
    if (decoder_) check_decoded(network);
  }

  /// The first images as the GPU decodes them give the features that they give decoded on the CPU.
  void check_decoded(const JointNetwork& network) const {
    ExtractionSettings settings = extraction_settings(*items_);
    settings.prefetch = 0;
    settings.batch = decoded_items;
    const auto features_of = [&](const ItemSource& source) {
      const std::unique_ptr<InputFeed> feed = make_feed(source, settings, 0);
      (void)feed->load();
      const at::Tensor features = network.forward(feed->deliver()).front().to(at::kDouble);
      synchronize(device());
      return features;
    };
    const at::Tensor decoded = features_of(*items_);
    settings.gpu_decoder = nullptr;
    const at::Tensor expected = features_of(
        *input_items(session(), input_.reference(), static_cast<std::size_t>(options().items)));
    const double worst = decoding_distance(decoded, expected);
    if (worst <= decoding_tolerance) return;
    throw std::runtime_error("features of images that " + input_.decoder +
                             " decoded differ from those decoded on the CPU by " +
                             std::to_string(worst) + " of their distance from the mean; at most " +
                             std::to_string(decoding_tolerance) + " was expected");
  }

  /// Accuracies; of a joint row those of each head, whose names stand in the label.
  void add_scores(Row& row, const SearchRun& run) const {
    // The first head is the row's own candidate.
    const ProbeResult& own = run.results.front();
    row.counters["accuracy"] = own.accuracy;
    row.counters["loss"] = own.loss;
    row.counters["converged"] = own.converged ? 1 : 0;
    const bool joint = configuration().joint();
    double random_heads = 0;
    for (std::size_t i = 0; i < run.results.size(); ++i) {
      if (joint) {
        row.counters["accuracy_head" + std::to_string(i)] = run.results[i].accuracy;
        row.counters["loss_head" + std::to_string(i)] = run.results[i].loss;
        row.label += (i == 0 ? (row.label.empty() ? "heads=" : " heads=") : ",") + heads_[i].name;
      }
      if (joint && heads_[i].random) ++random_heads;  // Not a candidate: it fills a place.
    }
    if (joint) row.counters["random_heads"] = random_heads;
  }

  /// The same heads as separate full networks, and as tails after the trunk's cached activations,
  /// each searched one after another, as the row itself was.
  void add_gain(Row& row, const SearchRun& joint) const {
    // On a GPU another kernel may be chosen for equal arithmetic.
    const double tolerance = device().is_cuda() ? find_precision(precision()).tolerance : 1e-5;
    double separate = 0;
    double cached = cached_.build_seconds;
    for (std::size_t i = 0; i < heads_.size(); ++i) {
      const SearchRun alone = search(*items_, [&] {
        return build_separate(session().candidates, candidate(), configuration(), heads_[i],
                              placement());
      });
      separate += alone.end_to_end;
      const double distance = feature_distance(joint.extraction.features[i].cpu(),
                                               alone.extraction.features.front().cpu());
      if (!(distance <= tolerance)) {
        throw std::runtime_error("features of head " + std::to_string(i) + " (" + heads_[i].name +
                                 ") differ from those of its separate network by " +
                                 std::to_string(distance));
      }
      if (!cached_.source) continue;
      const SearchRun tail = search(*cached_.source, [&] {
        return JointNetwork(session().candidates.build_from(
            heads_[i].tail_file, candidate(), configuration().tail(architecture()), placement()));
      });
      cached += tail.end_to_end;
      const double difference = feature_distance(tail.extraction.features.front().cpu(),
                                                 alone.extraction.features.front().cpu());
      if (!(difference <= tolerance)) {
        throw std::runtime_error("features of head " + std::to_string(i) + " (" + heads_[i].name +
                                 ") after the cached trunk differ from those of its separate "
                                 "network by " +
                                 std::to_string(difference));
      }
    }
    row.counters["separate_end_to_end"] = separate;
    row.counters["gain_over_separate"] = separate / row.seconds;
    if (!cached_.source) return;
    row.counters["cached_end_to_end"] = cached;
    row.counters["gain_over_cached"] = cached / row.seconds;
  }

  /// What a tail's cache costs. When it pays follows from this row and the full network's.
  void add_cache(Row& row) const {
    if (!cached_.source) return;
    row.counters["build_cache"] = cached_.build_seconds;
    row.counters["cached_bytes_per_item"] = static_cast<double>(bytes_of(cached_.source->shape()));
  }

  void write_features(const SearchRun& run) const {
    if (options().features_dir.empty()) return;
    std::vector<std::string> names = session().data.item_names(input_.kind);
    if (names.size() != labels_.size()) {
      std::vector<std::string> spread(labels_.size());
      for (std::size_t i = 0; i < spread.size(); ++i) {
        spread[i] = names[i * names.size() / spread.size()];
      }
      names = std::move(spread);
    }
    for (std::size_t i = 0; i < run.extraction.features.size(); ++i) {
      const bool joint = configuration().joint();
      write_feature_file(options().features_dir, combination().subject,
                         combination().configuration + (joint ? ".head" + std::to_string(i) : ""),
                         run.extraction.features[i], labels_, names,
                         {{"weights", session().candidates.describe_weights(candidate())},
                          {"head", joint ? heads_[i].name : combination().subject},
                          {"data", session().data.folder(input_.kind).identity()},
                          {"split", options().split}});
    }
  }

  InputSettings input_;
  std::vector<Head> heads_;
  std::string mode_;
  std::unique_ptr<GpuDecoder> decoder_;  ///< where a GPU decodes
  double feature_distance_ = 0;
  ProbeOptions probe_;
  std::shared_ptr<const ItemSource> items_;
  std::shared_ptr<const ItemSource> source_;
  CachedActivations cached_;
  std::vector<std::int64_t> labels_;
  double pin_seconds_ = 0;
};

/// A tail reads activations, whatever they were computed from.
bool is_search(const Combination& row) {
  return !prepared(row) || Configuration::parse(row.configuration).reads_items();
}

/// On a CPU the network computes while images are loaded, and takes some 50 times as long for each:
/// most cores are for LibTorch's threads, and the two must not take them from each other.
void share_cores(Combination& row, const Options& options) {
  if (options.given.at(&axes().workers) || row.on_gpu()) return;
  if (!row.is(axes().mode, "overlapped")) return;
  row.values[&axes().workers] = std::max<std::int64_t>(1, options.number(axes().workers) / 16);
}

const std::vector<Counter> end_to_end_counters{
    {"items", "items", "", "items of the search"},
    {"accuracy_head<n>", "share", "higher",
     "accuracy of head n of a joint configuration; the label names the heads"},
    {"loss_head<n>", "nats", "lower",
     "loss of head n of a joint configuration; the label names the heads"},
    {"end_to_end", "s", "lower",
     "EndToEnd: seconds from the start of loading the model to the known score"},
    {"load_model", "s", "lower", "EndToEnd: seconds of loading the model"},
    {"load_data", "s", "lower",
     "EndToEnd: seconds of loading data; with mode=prefetch of waiting for data"},
    {"data_to_device", "s", "lower", "EndToEnd: seconds of copying batches to the device"},
    {"inference", "s", "lower", "EndToEnd: seconds of inference"},
    {"score", "s", "lower", "EndToEnd: seconds of the proxy score"},
    {"other", "s", "lower", "EndToEnd: end_to_end less all steps"},
    {"extract_seconds", "s", "lower",
     "EndToEnd: seconds from the request for the first batch to the last feature"},
    {"busy_load_data", "s", "", "mode=overlapped: seconds in which loading data was at work"},
    {"wait_load_data", "s", "",
     "mode=overlapped: seconds in which loading data waited for its neighbors"},
    {"alone_load_data", "s", "lower",
     "mode=overlapped: seconds of loading data without the other steps, measured after the row"},
    {"busy_data_to_device", "s", "", "mode=overlapped: seconds in which copying data was at work"},
    {"wait_data_to_device", "s", "",
     "mode=overlapped: seconds in which copying data waited for its neighbors"},
    {"alone_data_to_device", "s", "lower",
     "mode=overlapped: seconds of copying data without the other steps, measured after the row"},
    {"busy_inference", "s", "", "mode=overlapped: seconds in which inference was at work"},
    {"wait_inference", "s", "",
     "mode=overlapped: seconds in which inference waited for its neighbors"},
    {"alone_inference", "s", "lower",
     "mode=overlapped: seconds of inference without the other steps, measured after the row"},
    {"limit_fraction", "share", "",
     "mode=overlapped: share of extract_seconds in which the busiest step was at work; the label "
     "names it"},
    {"elapsed_over_slowest_alone", "ratio", "lower",
     "mode=overlapped: extract_seconds over the seconds of the slowest step alone"},
    {"pin_seconds", "s", "lower",
     "EndToEnd: seconds of making pinned buffers, outside of what is measured"},
    {"build_cache", "s", "lower",
     "EndToEnd: seconds of computing and writing the activations that a tail reads"},
    {"cached_bytes_per_item", "bytes/item", "lower",
     "EndToEnd: bytes of an item's cached activations"},
    {"separate_end_to_end", "s", "",
     "joint configurations: seconds of searching each head as a network of its own"},
    {"cached_end_to_end", "s", "",
     "joint configurations: seconds of building the cache and searching each head as a tail that "
     "reads it"},
    {"gain_over_cached", "ratio", "higher",
     "joint configurations: cached_end_to_end over the row's seconds; above 1 the joint network is "
     "faster"},
};

}  // namespace

StepEntry end_to_end_step() {
  const Axes& a = axes();
  return {.rows = {.step = Step::end_to_end,
                   .per_network = true,
                   .axes = {&a.device, &a.configuration, &a.heads, &a.data, &a.max_length,
                            &a.padding, &a.pooling, &a.layout, &a.precision, &a.threads, &a.decoder,
                            &a.input, &a.page_cache, &a.workers, &a.storage, &a.mode, &a.probe,
                            &a.transfer, &a.batch},
                   .batches = swept_batches,
                   .accepts = is_search,
                   .adjust = share_cores},
          .counters = end_to_end_counters,
          .make = make_fixture<EndToEnd>};
}

}  // namespace model_search
