// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/steps/step_fixture.h"

#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>
#include <c10/util/Exception.h>

#include <cmath>
#include <new>
#include <stdexcept>
#include <tuple>
#include <utility>

#include "benchmarks/steps/fault_injection.h"
#include "benchmarks/steps/interleaving.h"
#include "benchmarks/steps/machine_counters.h"
#include "benchmarks/steps/sampling.h"
#include "datasets/files/page_cache.h"
#include "datasets/images/decoder.h"
#include "fixtures/devices/gpu_decoder.h"
#include "fixtures/devices/machine_watch.h"
#include "fixtures/devices/precision.h"
#include "fixtures/measuring/stopwatch.h"

namespace model_search {
namespace {

/// First line of a message: LibTorch appends a C++ stack to some.
std::string first_lines(const std::string& text) {
  const std::size_t stack = text.find("\nException raised from");
  std::string message = text.substr(0, stack);
  while (!message.empty() && message.back() == '\n') message.pop_back();
  // Google Benchmark 1.7.1 writes control characters into JSON as they are.
  for (char& letter : message) {
    if (letter == '\n' || letter == '\t' || letter == '\r') letter = ' ';
  }
  return message;
}

/// The message of the exception in hand.
std::string describe_failure(const Combination& combination) {
  try {
    throw;
  } catch (const c10::OutOfMemoryError& error) {
    return "out of memory on " + combination.device + ": " +
           first_lines(error.what_without_backtrace());
  } catch (const c10::Error& error) {
    return first_lines(error.what_without_backtrace());
  } catch (const std::bad_alloc&) {
    return "out of host memory";
  } catch (const std::exception& error) {
    return first_lines(error.what());
  }
}

/// The candidate whose tokenizer stands for its kind in the steps without a network.
const Candidate& first_with_tokenizer(Candidates& candidates, const std::string& kind) {
  for (const ZooEntry& entry : candidates.entries()) {
    if (find_architecture(entry.architecture).tokens.tokenizer == kind) {
      return candidates.find(entry.name);
    }
  }
  throw std::invalid_argument("no candidate has a tokenizer of the kind '" + kind + "'");
}

/// What decodes where a name bears no decoder: the first of the options that runs on the CPU.
std::string host_decoder(const Options& options) {
  for (const std::string& name : options.words(axes().decoder)) {
    if (!is_gpu_decoder(name)) return name;
  }
  return std::string(decoder_table().front().name);
}

}  // namespace

const Candidate& StepFixture::candidate() const {
  return session().candidates.find(combination_.subject, combination_.word(axes().pooling));
}

Configuration StepFixture::configuration() const {
  return Configuration::parse(combination_.configuration);
}

InputSettings StepFixture::input() const {
  InputSettings input;
  const bool network = !combination_.configuration.empty();
  input.kind = network ? architecture().input : combination_.subject;
  input.prepared = prepared(combination_);
  if (input.prepared) input.storage = storage();
  if (input.kind == "images") {
    input.decoder = combination_.has(axes().decoder) ? combination_.word(axes().decoder)
                                                     : host_decoder(options());
    if (combination_.is(axes().input, "uint8")) input.element = Element::uint8;
    return input;
  }
  const Candidate& reader =
      network ? candidate()
              : first_with_tokenizer(session().candidates, combination_.word(axes().tokenizer));
  input.tokenizer = session().candidates.tokenizer(reader);
  input.max_length = combination_.number(axes().max_length);
  input.padding = combination_.is(axes().padding, "longest") ? Padding::longest : Padding::fixed;
  const std::int64_t longest = reader.architecture.tokens.longest;
  if (input.max_length > longest) {
    throw std::invalid_argument("texts of " + std::to_string(input.max_length) +
                                " tokens are longer than " + reader.name() + " takes (" +
                                std::to_string(longest) +
                                "); give --max_lengths=" + std::to_string(longest) + " or less");
  }
  return input;
}

Placement StepFixture::placement() const {
  return {device(),
          {.type = find_precision(precision()).type,
           .channels_last = combination_.is(axes().layout, "channels_last")}};
}

Element StepFixture::storage() const {
  return find_element(combination_.word(axes().storage));
}

void StepFixture::prepare_page_cache(const ItemSource& source) const {
  if (combination_.is(axes().page_cache, "cold")) drop_pages(source.files());
}

std::size_t StepFixture::workers() const {
  return static_cast<std::size_t>(combination_.has(axes().workers)
                                      ? combination_.number(axes().workers)
                                      : options().number(axes().workers));
}

double StepFixture::set_up_device() const {
  apply_precision(find_precision(precision()));
  at::set_num_threads(static_cast<int>(combination_.has(axes().threads)
                                           ? combination_.number(axes().threads)
                                           : options().number(axes().threads)));
  return initialize(device());
}

void StepFixture::require_device() const {
  if (run_.lost_by.empty() || !device().is_cuda()) return;
  throw std::runtime_error(
      "not measured: the GPU is unusable to this process after the failure of " + run_.lost_by +
      "; with --benchmark_out the run goes on in a fresh process");
}

Row StepFixture::run() {
  require_device();
  inject_fault(combination_.name());
  if (options().interleave && !interleaving_group().empty()) {
    if (!turns_) measure_in_turns(run_, *this);
    if (!failure_.empty()) throw std::runtime_error(failure_);
    require_device();
    return row_of_turns();
  }
  if (run_.active != this) {
    if (run_.active != nullptr) run_.active->release();
    run_.active = nullptr;
    set_up();
    run_.active = this;
  }
  return watch();
}

void StepFixture::set_up() {
  const HostClock clock;
  set_up_device();
  prepare();
  setup_seconds_ = clock.seconds();
}

bool StepFixture::begin_turns() {
  try {
    inject_fault(combination_.name());
    set_up();
    warm_up_turns();
    return true;
  } catch (...) {
    fail();
    return false;
  }
}

bool StepFixture::take_turn() {
  try {
    set_up_device();
    return measure_turn();
  } catch (...) {
    fail();
    return false;
  }
}

Row StepFixture::row_of_turns() {
  set_up_device();
  Row row = measure();
  row.counters["interleaved_with"] = static_cast<double>(turns_->others);
  row.counters["rounds"] = static_cast<double>(turns_->rounds);
  // The energy was that of all rows: none is told.
  add_machine_use(row, turns_->machine, 0);
  add_timer_cost(row);
  row.counters["setup_seconds"] = setup_seconds_;
  release();
  return row;
}

bool StepFixture::waits_for_report() const {
  return turns_ && failure_.empty() && !run_.measured.contains(place());
}

void StepFixture::fail() {
  failure_ = describe_failure(combination_);
  ++run_.failures;
  clean_up();
}

Row StepFixture::watch() {
  const GpuMonitor* monitor = gpu_monitor(device());
  const HostClock clock;
  const auto measured = [&] {
    MachineWatch watch(monitor);
    Row row = measure();
    const MachineUse use = watch.end();
    add_machine_use(row, use, batch());
    add_timer_cost(row);
    return std::pair(std::move(row), use.throttled());
  };
  auto [row, throttled] = measured();
  if (throttled && 2 * clock.seconds() < options().sampling.time_budget) {
    std::tie(row, throttled) = measured();
    row.counters["remeasured"] = 1;
  }
  row.counters["setup_seconds"] = setup_seconds_;
  return row;
}

void StepFixture::add_timer_cost(Row& row) const {
  if (row.samples.measured.empty()) return;
  const TimerCost cost = timer_cost(device());
  row.counters["timer_lap_seconds"] = cost.lap;
  row.counters["timer_mark_seconds"] = cost.mark;
}

std::string StepFixture::place() const {
  if (combination_.configuration.empty()) return combination_.name();
  Combination place = combination_;
  place.configuration = configuration().full()
                            ? "full"
                            : (configuration().joint() ? "joint " : "") +
                                  std::to_string(configuration().tail_blocks(architecture()));
  return place.name();
}

Row StepFixture::measure_or_copy() {
  if (combination_.configuration.empty()) return run();
  const std::string name = place();
  const auto twin = run_.measured.find(name);
  if (twin != run_.measured.end() && twin->second.configuration != combination_.configuration) {
    Row row = twin->second.row;
    row.label = "same_cut_as=" + twin->second.configuration;
    return row;
  }
  Row row = run();
  run_.measured[name] = {combination_.configuration, row};
  return row;
}

void StepFixture::BenchmarkCase(benchmark::State& state) {
  const c10::InferenceMode inference;
  if (run_.row_begins) run_.row_begins(combination_.name());
  Row row;
  for (auto _ : state) {
    if (failure_.empty()) {
      try {
        row = measure_or_copy();
        if (run_.row_measured) run_.row_measured(combination_.name(), row.samples);
        state.SetIterationTime(row.seconds);
      } catch (...) {
        // That of its turns was told already.
        if (failure_.empty()) fail();
      }
    }
    if (!failure_.empty()) {
      // Inside the loop, in every repetition: 1.7.1 aborts when one of several repetitions fails.
      state.SkipWithError(failure_.c_str());
      break;
    }
  }
  if (run_.row_ends) run_.row_ends();
  if (!failure_.empty()) return;
  for (const auto& [name, value] : row.counters) {
    if (std::isfinite(value)) state.counters[name] = value;
  }
  if (!row.label.empty()) state.SetLabel(row.label);
}

void StepFixture::clean_up() {
  if (run_.lost_by.empty() && (is_lost(device()) || simulated_loss())) {
    run_.lost_by = combination_.name();
  }
  try {
    if (run_.active == nullptr || run_.active == this) release();
    run_.active = nullptr;
    if (run_.lost_by.empty()) release_cached_memory(device());
  } catch (const std::exception&) {
    // Of a device that is lost nothing can be given back; the failure is told already.
    run_.active = nullptr;
  }
}

}  // namespace model_search
