// SPDX-License-Identifier: Apache-2.0
// EndToEnd: one candidate over every item once, from the start of loading it until its score.
#include <algorithm>
#include <functional>
#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

#include "benchmarks/steps/cache_counters.h"
#include "benchmarks/steps/device_counters.h"
#include "benchmarks/steps/end_to_end_counters.h"
#include "benchmarks/steps/first_counters.h"
#include "benchmarks/steps/loader_counters.h"
#include "benchmarks/steps/network_fixture.h"
#include "benchmarks/steps/score_counters.h"
#include "benchmarks/steps/steps.h"
#include "datasets/text/printable.h"
#include "fixtures/devices/gpu_decoder.h"
#include "fixtures/devices/precision.h"
#include "fixtures/measuring/stopwatch.h"
#include "fixtures/searching/activations.h"
#include "fixtures/searching/candidate_search.h"
#include "fixtures/searching/decoder_check.h"
#include "fixtures/searching/divided_search.h"
#include "fixtures/searching/feature_file.h"
#include "fixtures/searching/joint_gain.h"
#include "fixtures/searching/scores/score_table.h"
#include "fixtures/searching/source_classifier.h"
#include "fixtures/searching/steps_alone.h"
#include "fixtures/searching/warm_up.h"

namespace model_search {
namespace {

class EndToEnd : public NetworkFixture {
 public:
  EndToEnd(RunState& run, const Combination& combination) : NetworkFixture(run, combination) {}

 protected:
  void prepare() override {
    candidate_ = &candidate();
    input_ = input();
    heads_ = heads();
    items_ = input_items(session(), input_, static_cast<std::size_t>(options().items));
    source_ = items_;
    labels_ = labels_of(*items_);
    scored_ = std::ranges::adjacent_find(labels_, std::not_equal_to{}) != labels_.end();
    // Throws before any work where there are too few items.
    if (scored_) (void)stratified_split(labels_, options().seed);
    if (is_gpu_decoder(input_.decoder)) {
      decoder_ =
          make_gpu_decoder(input_.decoder, placement(), session().data.settings().preprocessing);
    }
    settings_ = search_settings();
    for (SearchDevice& device : search_devices(placement())) {
      DividedDevice& own = divided_.emplace_back(DividedDevice{std::move(device), nullptr});
      if (!is_gpu_decoder(input_.decoder)) continue;
      own.decoder = make_gpu_decoder(input_.decoder, own.device.placement,
                                     session().data.settings().preprocessing);
    }
    check_classifiers();
    if (!configuration().full()) find_cache();
    if (!configuration().reads_items()) source_ = cached_.source;
    warm_up();
    check();
  }

  Row measure() override {
    reset_peaks();
    prepare_page_cache(*source_);
    const DividedSearch divided =
        divided_.empty() ? DividedSearch{search_candidate(build_, *source_, labels_, settings_), {}}
                         : search_divided(build_on_, source_, labels_, settings_, divided_,
                                          [this] { return goes_on(); });
    if (divided.stopped) give_up();
    const CandidateSearch& run = divided.search;
    Row row;
    row.seconds = run.end_to_end;
    add_seconds(row, run, overlapped());
    auto& counters = row.counters;
    counters["items"] = static_cast<double>(labels_.size());
    counters["items_per_second"] = static_cast<double>(labels_.size()) / run.end_to_end;
    counters["batches"] = static_cast<double>(run.extraction.batches);
    counters["distinct_items"] = static_cast<double>(labels_.size());
    counters["bytes_per_item"] = static_cast<double>(bytes_of(source_->shape()));
    if (run.extraction.loader.working() > 0) {
      add_loader_use(row, run.extraction.loader, source_->content(), run.extraction.batches);
    }
    add_first_seconds(row, first_, device());
    counters["feature_distance"] = feature_distance_;
    if (input_.kind == "text") counters["mean_length"] = run.extraction.lengths.mean();
    add_work(row, run.extraction.lengths);
    if (device().is_cuda()) row.counters["peak_device_bytes"] = static_cast<double>(largest_peak());
    add_scores(row, run);
    if (configuration().joint()) add_gain(row, run);
    if (divided_.empty() && overlapped()) measure_alone(row, run);
    if (!divided_.empty()) note_devices(row, divided);
    if (!configuration().full()) add_cache(row, cached_, tier());
    if (!configuration().reads_items()) {
      add_cache_rate(row, cached_, tier(), 1, run.extraction.reading);
    }
    leave_out_other_caches(row);
    write_features(run);
    return row;
  }

  void release() override {
    divided_.clear();
    decoder_.reset();
    items_.reset();
    source_.reset();
    cached_ = {};
    settings_ = {};
  }

 private:
  /// Where the activations of its trunk lie.
  [[nodiscard]] CacheTier tier() const { return find_cache_tier(combination().word(axes().cache)); }

  [[nodiscard]] ActivationRequest trunk_request() const {
    return {.candidate = candidate(),
            .range = configuration().trunk(architecture()),
            .device = device(),
            .input = input_,
            .settings = trunk_settings(),
            .workers = workers(),
            .batch = batch(),
            .items = static_cast<std::size_t>(options().items),
            .timed = true,
            .format = placement().format,
            .fused = placement().fused,
            .storage = storage(),
            .gpu_decoder = decoder_.get(),
            .mode = settings_.extraction.mode,
            .prefetch = settings_.extraction.prefetch,
            .tier = tier(),
            .pinned = settings_.extraction.transfer != Transfer::pageable};
  }

  /// Finds or builds the trunk's activations. A joint model does not need them itself: where they
  /// cannot be cached, only its comparison with cached tails is missing.
  void find_cache() {
    try {
      cached_ = ensure_activations(session(), trunk_request());
    } catch (const std::runtime_error& error) {
      if (!configuration().joint()) throw;
      note(combination().name() + " is not compared with cached tails: " + error.what());
    }
  }

  [[nodiscard]] SearchSettings search_settings() const {
    SearchSettings settings;
    settings.extraction.mode = find_mode(combination().word(axes().mode));
    settings.extraction.placement = placement();
    settings.extraction.batch = batch();
    settings.extraction.workers = workers();
    settings.extraction.prefetch = static_cast<std::size_t>(options().prefetch);
    settings.extraction.transfer = find_transfer(combination().word(axes().transfer));
    settings.extraction.padding = input_.padding;
    settings.extraction.gpu_decoder = decoder_.get();
    if (scored_) settings.score = &find_score(combination().word(axes().probe));
    settings.source_probabilities = [this](std::size_t head, const at::Tensor& features) {
      return classifier_of(head).to(features.device()).probabilities(features);
    };
    settings.score_options.seed = options().seed;
    settings.split_seed = options().seed;
    return settings;
  }

  /// The classifier of a head: of a configuration without several, the candidate's.
  [[nodiscard]] Classifier classifier_of(std::size_t head) const {
    const Score& score = find_score(combination().word(axes().probe));
    if (heads_.empty()) {
      return source_classifier(session().candidates, candidate(), score, candidate().name());
    }
    return source_classifier(session().candidates, candidate(), score, heads_.at(head).name,
                             heads_.at(head).tail_file);
  }

  [[nodiscard]] bool overlapped() const { return settings_.extraction.mode == Mode::overlapped; }

  /// Measures each step alone, after the row itself. The pipeline cannot be faster than the slowest
  /// of them.
  void measure_alone(Row& row, const CandidateSearch& run) const {
    const JointNetwork network = build_network();
    prepare_page_cache(*source_);
    const StepSeconds alone = measure_steps_alone(
        *source_, [&network](NetworkInput input) { (void)network.forward(std::move(input)); },
        settings_.extraction);
    add_steps_alone(row, run, alone);
  }

  /// Throws before any work where the score needs a classifier that a head does not have.
  void check_classifiers() const {
    if (!scored_ || !settings_.score->needs.source_probabilities) return;
    for (std::size_t i = 0; i < std::max<std::size_t>(1, heads_.size()); ++i) {
      (void)classifier_of(i);
    }
  }

  /// Does once what is measured, so that the first row of a process is as fast as the next one.
  /// Pages of files that the name calls cold are dropped afterwards, by measure().
  void warm_up() {
    first_ = divided_.empty() ? warm_up_search(build_, *source_, labels_, settings_)
                              : warm_up_divided(build_on_, *source_, labels_, settings_, divided_);
    if (!configuration().joint() || !cached_.source) return;
    // The joint model is also compared with tails that read the cache.
    const auto build_tail = [this] {
      return JointNetwork(session().candidates.build_from(heads_.front().tail_file, candidate(),
                                                          configuration().tail(architecture()),
                                                          placement()));
    };
    first_.pin += warm_up_search(build_tail, *cached_.source, labels_, settings_).pin;
  }

  /// Checks the network's features against the reference.
  void check() {
    const JointNetwork network = build_network();
    feature_distance_ = check_features(network);
    if (items_->content() != ItemContent::files) return;
    // Checks that the first images give the same features, decoded on the GPU and on the CPU.
    check_decoded(
        network, *items_,
        *input_items(session(), input_.reference(), static_cast<std::size_t>(options().items)),
        input_.decoder, settings_.extraction);
  }

  /// Adds accuracy and loss; for a joint row those of each head, with the heads' names in the
  /// label.
  void add_scores(Row& row, const CandidateSearch& run) const {
    if (run.results.empty()) return;
    // The first head is the row's own candidate.
    add_score(row, *settings_.score, run.results.front());
    const bool joint = configuration().joint();
    double random_heads = 0;
    for (std::size_t i = 0; i < run.results.size(); ++i) {
      if (joint) {
        add_score(row, *settings_.score, run.results[i], std::to_string(i));
        row.label += (i == 0 ? (row.label.empty() ? "heads=" : " heads=") : ",") + heads_[i].name;
      }
      // A random head fills a place and is not a candidate.
      if (joint && heads_[i].random) ++random_heads;
    }
    if (joint) row.counters["random_heads"] = random_heads;
  }

  /// Searches the same heads as separate full networks, and as tails after the trunk's cached
  /// activations, one after another, with the settings of the row itself.
  void add_gain(Row& row, const CandidateSearch& run) const {
    // On a GPU, libraries may choose another kernel for equal arithmetic.
    const double tolerance = device().is_cuda() ? find_precision(precision()).tolerance : 1e-5;
    const SeparateSeconds seconds = search_separately(
        session().candidates,
        {candidate(), configuration(), heads_, *items_, cached_, labels_, tolerance}, run.features,
        settings_);
    row.counters["separate_end_to_end"] = seconds.separate;
    row.counters["gain_over_separate"] = seconds.separate / row.seconds;
    if (!seconds.cached) return;
    row.counters["cached_end_to_end"] = *seconds.cached;
    row.counters["gain_over_cached"] = *seconds.cached / row.seconds;
    add_cache_rate(row, cached_, tier(), static_cast<double>(heads_.size()), seconds.reading);
  }

  /// Takes activations that a GPU's memory holds for other rows, or for a joint row's comparison,
  /// out of the row's peak.
  void leave_out_other_caches(Row& row) const {
    const auto held = static_cast<double>(session().memory.device_bytes(device()));
    if (held == 0) return;  // Only rows with cache=device find activations there.
    row.counters["peak_device_bytes"] -=
        configuration().joint() ? held : held - row.counters["cached_bytes"];
  }

  void write_features(const CandidateSearch& run) const {
    if (options().features_dir.empty()) return;
    const std::vector<std::string> names = session().data.item_names(input_.kind, labels_.size());
    for (std::size_t i = 0; i < run.features.size(); ++i) {
      const bool joint = configuration().joint();
      write_feature_file(options().features_dir, combination().subject,
                         combination().configuration + (joint ? ".head" + std::to_string(i) : ""),
                         run.features[i], labels_, names,
                         {{"weights", session().candidates.describe_weights(candidate())},
                          {"head", joint ? heads_[i].name : combination().subject},
                          {"data", session().data.folder(input_.kind).identity()},
                          {"input", DataSets::identity(input_)},
                          {"split", options().split}});
    }
  }

  /// Adds what each device did, and says which failed.
  void note_devices(Row& row, const DividedSearch& divided) {
    add_devices(row, divided.devices, divided.search.extraction.elapsed);
    note_failed(divided.devices, "items");
  }

  const Candidate* candidate_ = nullptr;
  InputSettings input_;
  std::vector<Head> heads_;
  std::unique_ptr<GpuDecoder> decoder_;  ///< nullptr where the CPU decodes
  double feature_distance_ = 0;
  SearchSettings settings_;
  std::shared_ptr<const ItemSource> items_;
  std::shared_ptr<const ItemSource> source_;
  CachedActivations cached_;
  std::vector<std::int64_t> labels_;
  bool scored_ = true;  ///< whether its items are of several classes
  FirstSeconds first_;
  std::vector<DividedDevice> divided_;  ///< of a set of devices
  const BuildOnDevice build_on_ = [this](const Placement& place) {
    return build_model(session().candidates, *candidate_, configuration(), heads_, place);
  };
  const BuildNetwork build_ = [this] { return build_on_(placement()); };
};

/// Whether a row is a search. A tail reads activations, whatever they were computed from. Several
/// devices divide the items of a whole network, each with a pipeline of its own: the
/// seconds of a step are not parts of the row's then, as mode=serial and prefetch report them.
bool is_search(const Combination& row) {
  if (is_device_set(row.device)) {
    return row.configuration == "full" && row.is(axes().mode, "overlapped");
  }
  return !prepared(row) || Configuration::parse(row.configuration).reads_items();
}

/// Divides the cores on a CPU, where the network computes while images are loaded and takes some 50
/// times as long for each: most cores go to LibTorch's threads, so that the two do not compete for
/// them.
void share_cores(Combination& row, const Options& options) {
  if (options.given.at(&axes().workers) || row.on_gpu()) return;
  if (!row.is(axes().mode, "overlapped")) return;
  row.values[&axes().workers] = std::max<std::int64_t>(1, options.number(axes().workers) / 16);
}

}  // namespace

StepEntry end_to_end_step() {
  const Axes& a = axes();
  return {.rows = {.step = Step::end_to_end,
                   .subjects = Subjects::candidates,
                   .axes = {&a.device,    &a.configuration, &a.heads,  &a.data,       &a.max_length,
                            &a.padding,   &a.pooling,       &a.layout, &a.precision,  &a.threads,
                            &a.execution, &a.decoder,       &a.input,  &a.page_cache, &a.workers,
                            &a.storage,   &a.cache,         &a.mode,   &a.probe,      &a.transfer,
                            &a.batch},
                   .batches = swept_batches,
                   .device_sets = true,
                   .accepts = is_search,
                   .adjust = share_cores},
          // 2: what only the first row of a process pays is outside of the timed region.
          .row_version = 2,
          .counters = end_to_end_counters(),
          .make = make_fixture<EndToEnd>};
}

}  // namespace model_search
