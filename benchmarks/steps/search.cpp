// SPDX-License-Identifier: Apache-2.0
// Search: all candidates of a zoo over the items of a data set, until their ranking is known.
#include <algorithm>
#include <functional>
#include <memory>
#include <numeric>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "benchmarks/steps/row_zoo.h"
#include "benchmarks/steps/search_checks.h"
#include "benchmarks/steps/search_counters.h"
#include "benchmarks/steps/search_features.h"
#include "benchmarks/steps/search_trace.h"
#include "benchmarks/steps/step_fixture.h"
#include "benchmarks/steps/steps.h"
#include "datasets/text/printable.h"
#include "fixtures/devices/gpu_decoder.h"
#include "fixtures/devices/precision.h"
#include "fixtures/devices/thread_share.h"
#include "fixtures/devices/worker_decoder.h"
#include "fixtures/measuring/device_rates.h"
#include "fixtures/searching/chosen_source.h"
#include "fixtures/searching/feature_distance.h"
#include "fixtures/searching/scores/score_table.h"
#include "fixtures/searching/source_classifier.h"
#include "fixtures/searching/zoo_search/device_warm_up.h"
#include "fixtures/searching/zoo_search/parts_alone.h"
#include "fixtures/searching/zoo_search/zoo_costs.h"

namespace model_search {
namespace {

/// Threads that load networks: on a GPU enough to keep up with its copies; on a CPU one, because
/// the network needs the cores.
constexpr std::size_t load_threads_of_gpu = 4;

/// Seconds between two reports of progress, each of which is a line that the search's own thread
/// writes.
constexpr double progress_interval = 1;

class SearchStep : public StepFixture {
 public:
  SearchStep(RunState& run, const Combination& combination)
      : StepFixture(run, combination), state_(run) {}

 protected:
  void prepare() override {
    zoo_ = zoo_of(*this);
    settings_ = zoo_settings();
    for (const auto& [place, reason] : zoo_.failures) note_failure(place, reason);
    known_ = known_features(*this, zoo_);
    feature_distance_ = check_networks(*this, zoo_);
    {
      const ThreadShare threads(settings_.devices.empty() ? 0 : settings_.devices.front().threads);
      warm_ = warm_up_zoo(zoo(), settings_, device().is_cuda() ? upload_rate(device()) : 0);
    }
    plans_ = plans_of(zoo(), settings_, warm_.costs);
    warm_up();
  }

  Row measure() override {
    reset_peaks();
    for (const ZooGroup& group : zoo().groups) prepare_page_cache(*group.source);
    const ZooSearch search = search_zoo(zoo(), settings_, plans_, known_, reporter());
    const std::int64_t peak = largest_peak();
    if (!search.stopped) write_features(*this, zoo_, search);
    if (!options().trace_dir.empty()) {
      write_trace(options().trace_dir, combination().name(), zoo_, search);
    }
    if (search.stopped) give_up(search);
    for (const auto& [place, reason] : search.failures) note_failure(place, reason);
    if (search.ranking.empty()) {
      throw std::runtime_error("no candidate of the zoo could be searched: " +
                               search.failures.begin()->second);
    }
    if (settings_.plan == ZooPlan::shared) {
      plan_distance_ = check_plan(*this, zoo_, settings_, warm_.costs, search, silently());
    }
    Row row;
    row.seconds = search.seconds;
    add_search(row, zoo_, settings_, search, known_.empty());
    if (device().is_cuda()) row.counters["peak_device_bytes"] = static_cast<double>(peak);
    row.counters["feature_distance"] = feature_distance_;
    row.counters["known_features"] = static_cast<double>(known_.size());
    add_first_seconds_of_zoo(row, warm_, session().candidates.hash_seconds());
    if (settings_.plan == ZooPlan::shared) row.counters["plan_distance"] = plan_distance_;
    if (settings_.budget == ZooBudget::halving) add_regret(row, search);
    if (settings_.plan != ZooPlan::one_by_one && settings_.budget == ZooBudget::all &&
        known_.empty() && settings_.devices.empty() && extras_fit()) {
      const auto parts = measure_parts(zoo(), settings_, plans_, [this] { return goes_on(); });
      if (parts) add_parts_alone(row, search, *parts);
    }
    // The exit code says that the ranking is not that of the whole zoo.
    if (!zoo_.failures.empty() || !search.failures.empty()) ++state_.failures;
    note_failed(search.devices, "candidates");
    return row;
  }

  void release() override {
    plans_.clear();
    decoder_.reset();
    known_.clear();
    zoo_ = {};
  }

 private:
  /// Runs what only a first search costs. On a GPU that is a whole search: the memory must exist
  /// that the measured one takes from LibTorch's allocator.
  void warm_up() {
    if (settings_.plan != ZooPlan::one_by_one && device().is_cuda() && extras_fit()) {
      const ZooSearch first = search_zoo(zoo(), everything(), plans_, known_, reporter());
      if (first.stopped) give_up(first);
      if (!settings_.devices.empty()) warm_.devices = first.seconds;
      reference_ = first.scores;
    } else if (!settings_.devices.empty()) {
      warm_.devices = warm_up_devices(zoo(), settings_, plans_, [this] { return goes_on(); });
    }
  }

  [[nodiscard]] const ZooToSearch& zoo() const { return *zoo_.zoo; }

  [[nodiscard]] ZooSettings zoo_settings() {
    ZooSettings settings;
    settings.plan = find_plan(combination().word(axes().plan));
    settings.budget = find_budget(combination().word(axes().budget));
    settings.bounds = session().memory.bounds(device());
    if (!device().is_cuda()) settings.bounds.device = settings.bounds.host;
    settings.devices = search_devices(zoo_.placement);
    share_memory(settings);
    settings.load_threads = device().is_cuda() ? load_threads_of_gpu : 1;
    settings.loading.pinned = device().is_cuda();
    ExtractionSettings& extraction = settings.search.extraction;
    extraction.mode = Mode::overlapped;
    extraction.placement = zoo_.placement;
    extraction.batch = batch();
    extraction.workers = workers();
    extraction.prefetch = static_cast<std::size_t>(options().prefetch);
    const InputSettings& input = zoo_.inputs.front();
    extraction.padding = input.padding;
    if (is_gpu_decoder(input.decoder)) {
      // What decodes once gives pixels.
      const Placement place = settings.plan == ZooPlan::one_by_one
                                  ? zoo_.placement
                                  : DecodedItems::pixel_placement(zoo_.placement);
      decoder_ = make_gpu_decoder(input.decoder, place, session().data.settings().preprocessing);
      extraction.gpu_decoder = decoder_.get();
      settings.make_decoder = [this, name = input.decoder](const Placement& there) {
        return make_gpu_decoder(name, there, session().data.settings().preprocessing);
      };
      if (decodes_with_workers(input.decoder)) {
        settings.make_worker_decoder = [this] {
          return make_worker_decoder(session().data.settings().preprocessing);
        };
      }
    }
    const auto& labels = zoo().labels;
    const bool scored = std::ranges::adjacent_find(labels, std::not_equal_to{}) != labels.end();
    if (scored) {
      check_first_round(zoo(), settings.budget, batch(), options().seed);
      settings.search.score = &find_score(combination().word(axes().probe));
      settings.search.source_probabilities = [this](std::size_t place, const at::Tensor& features) {
        return source_classifier(session().candidates, *zoo().networks.at(place),
                                 find_score(combination().word(axes().probe)), zoo_.names.at(place))
            .to(features.device())
            .probabilities(features);
      };
    } else if (settings.budget == ZooBudget::halving) {
      throw std::invalid_argument(
          "budget=halving drops candidates by their score, and the data set has no classes: use "
          "--budgets=all");
    }
    settings.search.score_options.seed = options().seed;
    settings.search.split_seed = options().seed;
    return settings;
  }

  /// Gives each of several devices its share of the bounds. Throws where the plan runs on one.
  void share_memory(ZooSettings& settings) const {
    if (settings.devices.empty()) return;
    if (settings.plan == ZooPlan::one_by_one) {
      throw std::invalid_argument("plan=one_by_one runs on one device, and " +
                                  combination().device +
                                  " is a set of them: use --plans=shared or decode_once");
    }
    const DeviceSet set = devices();
    const std::uint64_t host = settings.bounds.host;
    for (std::size_t i = 0; i < set.size(); ++i) {
      const Device& device = set.devices()[i];
      const std::uint64_t bound =
          (device.is_cuda() ? session().memory.bounds(device).device : host) /
          set.sharing_memory(i);
      settings.bounds.device = i == 0 ? bound : std::min(settings.bounds.device, bound);
    }
  }

  /// Whether the search is short enough that the row may also run it as a warm-up, and its parts
  /// alone. Who searches for hours waits for the ranking only.
  [[nodiscard]] bool extras_fit() const { return fits_extras(plans_); }
  [[nodiscard]] bool fits_extras(const std::vector<SearchPlan>& plans) const {
    double predicted = 0;
    for (const SearchPlan& plan : plans) predicted += plan.prediction.total;
    return predicted < options().sampling.time_budget / 4;
  }

  [[nodiscard]] ZooSettings everything() const {
    ZooSettings settings = settings_;
    settings.budget = ZooBudget::all;
    return settings;
  }

  /// How much worse the choice of the halving is than the best candidate, by the scores that all
  /// items give them.
  void add_regret(Row& row, const ZooSearch& search) {
    if (reference_.empty()) {
      ZooSettings shared = everything();
      shared.plan = ZooPlan::shared;
      const std::vector<SearchPlan> plans = plans_of(zoo(), shared, warm_.costs);
      if (!fits_extras(plans)) return;
      const ZooSearch whole = search_zoo(zoo(), shared, plans, search.features, silently());
      if (whole.stopped) give_up(search);
      reference_ = whole.scores;
    }
    const auto chosen = reference_.find(search.ranking.front());
    if (chosen == reference_.end()) return;
    const ScoreResult& best = reference_.at(ranked(reference_).front());
    row.counters["regret"] = best.value - chosen->second.value;
    row.counters["regret_loss"] = chosen->second.loss - best.loss;
  }

  void note_failure(std::size_t place, const std::string& reason) const {
    note(combination().name() + ": " + zoo_.names.at(place) + " is left out: " + reason);
  }

  /// Ends a row that a signal has stopped, and keeps its features.
  [[noreturn]] void give_up(const ZooSearch& search) {
    write_features(*this, zoo_, search);
    const std::string& name = combination().name();
    note(name + (options().features_dir.empty()
                     ? " ends without its features, which --features_dir=DIR would have kept"
                     : " keeps its features in '" + options().features_dir.string() +
                           "'; with --resume it goes on from them"));
    StepFixture::give_up();
  }

  [[nodiscard]] ReportProgress silently() const {
    return [this](const ZooProgress&) { return goes_on(); };
  }

  /// Says how far a long search is, and stops it at a signal.
  [[nodiscard]] ReportProgress reporter() const {
    return [this, last = 0.0](const ZooProgress& progress) mutable {
      if (progress.seconds - last > progress_interval) {
        last = progress.seconds;
        if (state_.row_goes_on) state_.row_goes_on(describe(progress, combination().name()));
      }
      return goes_on();
    };
  }

  RunState& state_;
  RowZoo zoo_;
  std::unique_ptr<GpuDecoder> decoder_;
  ZooSettings settings_;
  ZooWarmUp warm_;
  std::vector<SearchPlan> plans_;
  FeaturesOf known_;    ///< of an earlier run
  ScoresOf reference_;  ///< of all candidates on all items
  double feature_distance_ = 0;
  double plan_distance_ = 0;
};

/// Divides the cores on a CPU as EndToEnd does, where networks compute while items are decoded.
void share_cores_of_search(Combination& row, const Options& options) {
  if (options.given.at(&axes().workers) || row.on_gpu()) return;
  row.values[&axes().workers] = std::max<std::int64_t>(1, options.number(axes().workers) / 16);
}

}  // namespace

StepEntry search_step() {
  const Axes& a = axes();
  return {.rows = {.step = Step::search,
                   .subjects = Subjects::zoo,
                   .axes = {&a.device, &a.max_length, &a.padding, &a.pooling, &a.layout,
                            &a.precision, &a.threads, &a.execution, &a.decoder, &a.page_cache,
                            &a.workers, &a.probe, &a.plan, &a.budget, &a.batch},
                   .batches = one_batch,
                   .device_sets = true,
                   .adjust = share_cores_of_search},
          .counters = search_counters(),
          .make = make_fixture<SearchStep>};
}

}  // namespace model_search
