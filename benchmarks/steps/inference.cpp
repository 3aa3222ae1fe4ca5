// SPDX-License-Identifier: Apache-2.0
// Inference: the forward pass of one batch that is already on the device.
#include <algorithm>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "benchmarks/steps/network_fixture.h"
#include "benchmarks/steps/sampling.h"
#include "benchmarks/steps/steps.h"
#include "fixtures/devices/forward_graph.h"
#include "fixtures/devices/machine_watch.h"
#include "fixtures/devices/precision.h"
#include "fixtures/measuring/kernel_span.h"
#include "fixtures/measuring/launch_share.h"
#include "fixtures/measuring/sampler.h"
#include "fixtures/measuring/stopwatch.h"
#include "fixtures/searching/feature_distance.h"

namespace model_search {
namespace {

/// The batches of a turn with --interleave: few, so that rounds are short compared with a drift of
/// the machine.
constexpr std::size_t batches_per_turn = 5;
/// The number of batches that run under the profiler.
constexpr std::size_t profiled_batches = 20;

class Inference : public NetworkFixture {
 public:
  using NetworkFixture::NetworkFixture;

 protected:
  void prepare() override {
    // A trunk that only makes inputs may use TF32: the inputs must be real, not exact.
    const Precision& own = find_precision(precision());
    if (own.type == at::kFloat && precision() == "torch") apply_precision(find_precision("tf32"));
    inputs_ = distinct_inputs(held_inputs);
    apply_precision(own);
    for (const NetworkInput& one : inputs_) {
      if (const at::Tensor& mask = mask_of(one); mask.defined()) {
        lengths_.add(static_cast<double>(batch()), static_cast<double>(mask.size(1)));
      }
    }
    network_.emplace(build_network());
    feature_distance_ = check_features(*network_);
    if (placement().fused) run_once();
    if (graphed()) capture();
  }

  [[nodiscard]] std::string interleaving_group() const override {
    return combination().subject + "/" + combination().device;
  }
  void warm_up_turns() override {
    turns_.emplace(device(), sampling(), power_check(device())).warm_up(pass_);
  }
  bool measure_turn() override { return turns_->measure(pass_, batches_per_turn); }

  Row measure() override {
    reset_peak_bytes(device());
    Samples samples =
        turns_ ? turns_->samples() : sample(device(), sampling(), pass_, power_check(device()));
    measure_launch_share(device(), samples, pass_);
    Row row;
    add_statistics(row, samples, batch());
    row.counters["distinct_items"] =
        static_cast<double>(std::min(static_cast<std::size_t>(held_inputs) * batch(),
                                     session().data.folder(architecture().input).files.size()));
    if (device().is_cuda()) row.counters["submit_seconds"] = samples.submit;
    if (architecture().input == "text") row.counters["mean_length"] = lengths_.mean();
    row.counters["feature_distance"] = feature_distance_;
    if (placement().fused) row.counters["tuning_seconds"] = tuning_seconds_;
    if (graph_) {
      row.counters["graph_distance"] = graph_distance_;
      row.counters["capture_seconds"] = capture_seconds_;
    }
    if (options().kernel_span && device().is_cuda()) add_kernel_span(row, pass_);
    add_work(row, lengths_);
    // The operators of a fused network are others than those whose work is counted.
    if (!placement().fused) add_roofline(row, lengths_);
    // With turns, other rows' networks and batches are on the device too, so there is no peak.
    if (!turns_) add_peak_bytes(row);
    if (configuration().joint()) add_gain(row);
    return row;
  }

  void release() override {
    turns_.reset();
    features_.clear();
    graph_.reset();
    inputs_.clear();
    network_.reset();
    lengths_ = {};
  }

 private:
  /// Halves the budget for a joint row, which measures two things within it.
  [[nodiscard]] Sampling sampling() const {
    Sampling sampling = options().sampling;
    if (configuration().joint()) sampling.time_budget /= 2;
    return sampling;
  }

  [[nodiscard]] bool graphed() const {
    return combination().is(axes().execution, "cuda_graph") ||
           combination().is(axes().execution, "fused_graph");
  }

  /// Runs each batch once: the first pass of a shape measures libraries' algorithms.
  void run_once() {
    const HostClock clock;
    for (const NetworkInput& input : inputs_) (void)network_->forward(input);
    synchronize(device());
    tuning_seconds_ = clock.seconds();
  }

  /// Captures the forward pass, and compares the replayed results with those without the graph for
  /// the same inputs. Only the first of the inputs was used in the capture.
  void capture() {
    for (const NetworkInput& input : inputs_) {
      if (values_of(input).sizes() != values_of(inputs_.front()).sizes()) {
        throw std::runtime_error(
            "a CUDA graph needs batches of one shape: use --paddings=fixed with "
            "execution=cuda_graph and fused_graph");
      }
    }
    const HostClock clock;
    graph_.emplace(
        device(), [this](const NetworkInput& input) { return network_->forward(input); },
        inputs_.front());
    synchronize(device());
    capture_seconds_ = clock.seconds();
    graph_distance_ = 0;
    for (const NetworkInput& input : inputs_) {
      const std::vector<at::Tensor> eager = network_->forward(input);
      const std::vector<at::Tensor>& replayed = graph_->forward(input);
      for (std::size_t i = 0; i < eager.size(); ++i) {
        graph_distance_ = std::max(graph_distance_, feature_distance(replayed.at(i), eager[i]));
      }
    }
    const double tolerance = find_precision(precision()).tolerance;
    // The comparison is negated, so that a NaN fails.
    if (!(graph_distance_ <= tolerance)) {
      throw std::runtime_error("the CUDA graph's features differ from those without it by " +
                               std::to_string(graph_distance_) + " (relative); at most " +
                               std::to_string(tolerance) + " is allowed");
    }
  }

  /// Adds what the profiler reports for the same passes.
  void add_kernel_span(Row& row, const std::function<void(std::size_t)>& pass) const {
    const KernelSpan found = kernel_span(device(), profiled_batches, pass);
    row.counters["kernels"] = static_cast<double>(found.kernels);
    row.counters["kernel_span_seconds"] = found.span;
    row.counters["kernel_busy_seconds"] = found.busy;
    row.counters["profiled_event_seconds"] = found.events;
    // Compares events and kernels of the same batches: under the profiler batches may be slower
    // than those that were sampled.
    row.counters["event_difference"] = found.events / found.span - 1;
  }

  /// Measures the same heads as separate networks, each of which runs the trunk again.
  void add_gain(Row& row) const {
    const Samples separate = sample(
        device(), sampling(),
        [&](std::size_t index) {
          (void)network_->forward_separately(inputs_[index % inputs_.size()]);
        },
        power_check(device()));
    const double seconds = summarize(separate.measured).mean;
    row.counters["separate_seconds"] = seconds;
    row.counters["gain_over_separate"] = seconds / row.seconds;
  }

  const std::function<void(std::size_t)> pass_ = [this](std::size_t index) {
    const NetworkInput& input = inputs_[index % inputs_.size()];
    features_ = graph_ ? graph_->forward(input) : network_->forward(input);
  };
  std::vector<at::Tensor> features_;  ///< result of the last pass
  std::optional<SampleRun> turns_;
  std::vector<NetworkInput> inputs_;
  Lengths lengths_;
  double feature_distance_ = 0;
  double graph_distance_ = 0;
  double capture_seconds_ = 0;
  double tuning_seconds_ = 0;
  std::optional<JointNetwork> network_;
  std::optional<ForwardGraph> graph_;
};

const std::vector<Counter> inference_counters{
    {"submit_seconds", "s", "lower",
     "least seconds in which the CPU submitted a batch to an idle GPU"},
    {"capture_seconds", "s", "lower",
     "execution=cuda_graph and fused_graph: seconds of capturing the graphs"},
    {"graph_distance", "ratio", "lower",
     "execution=cuda_graph and fused_graph: largest relative distance of an item's features from "
     "those without the graph"},
    {"tuning_seconds", "s", "lower",
     "execution=fused and fused_graph: seconds of the first pass of each batch, in which "
     "libraries' "
     "algorithms are measured for shapes that are new to the process"},
    {"kernels", "kernels", "", "--kernel_span: kernels that the profiler saw"},
    {"kernel_span_seconds", "s", "lower",
     "--kernel_span: seconds from the first kernel's start to the last one's end"},
    {"kernel_busy_seconds", "s", "lower", "--kernel_span: seconds in which a kernel ran"},
    {"profiled_event_seconds", "s", "lower",
     "--kernel_span: seconds of the same batches by events"},
    {"event_difference", "ratio", "",
     "--kernel_span: profiled_event_seconds over kernel_span_seconds, less 1"},
    {"separate_seconds", "s", "",
     "joint configurations of Inference: seconds of a batch through each head as a network of its "
     "own"},
};

}  // namespace

StepEntry inference_step() {
  const Axes& a = axes();
  return {
      .rows = {.step = Step::inference,
               .subjects = Subjects::candidates,
               .axes = {&a.device, &a.configuration, &a.heads, &a.max_length, &a.padding,
                        &a.pooling, &a.layout, &a.precision, &a.threads, &a.execution, &a.batch},
               .batches = swept_batches},
      .counters = inference_counters,
      .make = make_fixture<Inference>};
}

}  // namespace model_search
