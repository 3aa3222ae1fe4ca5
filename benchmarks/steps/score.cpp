// SPDX-License-Identifier: Apache-2.0
// Score: one proxy score of features that are on the device.
#include <optional>
#include <stdexcept>
#include <string>

#include "benchmarks/steps/network_fixture.h"
#include "benchmarks/steps/sampling.h"
#include "benchmarks/steps/score_counters.h"
#include "benchmarks/steps/steps.h"
#include "fixtures/measuring/sampler.h"
#include "fixtures/searching/activations.h"
#include "fixtures/searching/scores/score_table.h"
#include "fixtures/searching/scores/synthetic_data.h"
#include "fixtures/searching/source_classifier.h"

namespace model_search {
namespace {

/// Of the features that are scored, whose extraction is not measured.
constexpr std::size_t extraction_batch = 32;

class ScoreStep : public NetworkFixture {
 public:
  using NetworkFixture::NetworkFixture;

 protected:
  void prepare() override {
    classes_ = combination().number(axes().classes);
    score_ = &find_score(combination().word(axes().probe));
    settings_.seed = options().seed;
    const std::string& size = combination().word(axes().features);
    of_network_ = size == axis_rules::network_features;
    if (!of_network_) {
      data_ = synthetic_data(FeatureSize::parse(size), classes_, options().seed, device().torch());
      return;
    }
    const ClassFolder& folder = session().data.folder(input().kind);
    if (const std::string reason = folder.unscorable(); classes_ == 0 && !reason.empty()) {
      throw std::runtime_error("'" + folder.root().string() + "' cannot be scored: " + reason +
                               "; sort them into class folders, or leave out the step Score");
    }
    const ActivationRequest request{.candidate = candidate(),
                                    .device = device(),
                                    .input = input(),
                                    .settings = combination().identity(affects_features),
                                    .workers = workers(),
                                    .batch = extraction_batch,
                                    .items = static_cast<std::size_t>(options().items),
                                    .format = placement().format};
    classifier_.reset();
    if (score_->needs.source_probabilities) {
      classifier_ =
          source_classifier(session().candidates, candidate(), *score_, candidate().name())
              .to(device().torch());
    }
    const at::Tensor features = ensure_features(session(), request).to(device().torch());
    if (classes_ > 0) {
      data_ = with_synthetic_labels(features, classes_);
      return;
    }
    const std::vector<std::int64_t> labels =
        labels_of(*input_items(session(), input(), static_cast<std::size_t>(options().items)));
    data_ = with_split(features, labels, options().seed);
  }

  Row measure() override {
    ScoreResult result;
    const Samples samples = sample_blocking(options().sampling, [&](std::size_t) {
      if (classifier_) data_.source_probabilities = classifier_->probabilities(data_.features);
      result = run_score(*score_, data_, settings_);
    });
    Row row;
    const std::int64_t items = (score_->needs.split ? data_.train : data_.labels).size(0);
    add_statistics(row, samples, static_cast<std::size_t>(items));
    row.counters["train_items"] = static_cast<double>(items);
    row.counters["feature_width"] = static_cast<double>(data_.features.size(1));
    row.counters["classes"] = static_cast<double>(data_.classes);
    row.counters["feature_bytes"] = static_cast<double>(data_.features.nbytes());
    // Labels that have nothing to do with the features make no score.
    if (classes_ == 0 || !of_network_) add_score(row, *score_, result);
    return row;
  }

  void release() override {
    data_ = {};
    classifier_.reset();
  }

 private:
  std::int64_t classes_ = 0;
  bool of_network_ = true;
  const Score* score_ = nullptr;
  ScoreOptions settings_;
  ScoreData data_;
  std::optional<Classifier> classifier_;  ///< of scores that need source probabilities
};

const std::vector<Counter> own_counters{
    {"train_items", "items", "",
     "items that the score computes from: of a probe those that train it, else all"},
    {"feature_width", "values", "", "values in the features of an item"},
    {"classes", "classes", "", "classes of the items"},
    {"feature_bytes", "bytes", "", "bytes of the features of all items, which a score reads"},
};

}  // namespace

StepEntry score_step() {
  const Axes& a = axes();
  return {.rows = {.step = Step::score,
                   .subjects = Subjects::candidates,
                   .axes = {&a.device, &a.classes, &a.features, &a.max_length, &a.padding,
                            &a.pooling, &a.probe, &a.precision, &a.threads},
                   // Features of all configurations are equal, so only one configuration is scored.
                   .configuration = "full"},
          // 2: the items that train and evaluate a probe are chosen in the time.
          .row_version = 2,
          .counters = own_counters,
          .make = make_fixture<ScoreStep>};
}

}  // namespace model_search
