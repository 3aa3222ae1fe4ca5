// SPDX-License-Identifier: Apache-2.0
// Score: one proxy score (initialise, train, evaluate) of features that lie on the device.
#include "benchmarks/steps/network_fixture.h"
#include "benchmarks/steps/steps.h"
#include "fixtures/measuring/sampler.h"
#include "fixtures/searching/activations.h"
#include "fixtures/searching/scores/score_table.h"

namespace model_search {
namespace {

class ScoreStep : public NetworkFixture {
 public:
  using NetworkFixture::NetworkFixture;

 protected:
  void prepare() override {
    classes_ = std::stoll(combination().key("classes", "0"));
    score_ = &find_score(combination().key("probe", "full_batch"));
    settings_.seed = options().seed;
    const ActivationRequest request{
        candidate(),
        {},
        device(),
        input(),
        precision(),
        workers(),
        static_cast<std::size_t>(options().batch_sizes.empty() ? 32
                                                               : options().batch_sizes.front()),
        static_cast<std::size_t>(options().items),
        false,
        placement().format};
    const at::Tensor features = ensure_features(session(), request).to(device().torch());
    if (classes_ > 0) {
      data_ = with_synthetic_labels(features, classes_);
      return;
    }
    const std::vector<std::int64_t> labels =
        labels_of(*input_items(session(), input(), static_cast<std::size_t>(options().items)));
    data_ = split_features(features, labels, options().seed);
  }

  Row measure() override {
    ScoreResult result;
    const Samples samples = sample_blocking(
        options().sampling, [&](std::size_t) { result = run_score(*score_, data_, settings_); });
    Row row;
    add_statistics(row, samples, static_cast<std::size_t>(data_.train.size(0)));
    row.counters["train_items"] = static_cast<double>(data_.train.size(0));
    row.counters["feature_width"] = static_cast<double>(data_.train.size(1));
    row.counters["classes"] = static_cast<double>(data_.classes);
    if (classes_ == 0) {
      row.counters["accuracy"] = result.accuracy;
      row.counters["loss"] = result.loss;
      row.counters["converged"] = result.converged ? 1 : 0;
    }
    return row;
  }

  void release() override { data_ = {}; }

 private:
  std::int64_t classes_ = 0;
  const Score* score_ = nullptr;
  ScoreOptions settings_;
  ScoreData data_;
};

}  // namespace

std::unique_ptr<StepFixture> make_score(Session& session, const Combination& combination) {
  return std::make_unique<ScoreStep>(session, combination);
}

}  // namespace model_search
