// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/results/recorder.h"

#include <string>
#include <utility>

#include "benchmarks/results/run_error.h"
#include "datasets/text/printable.h"

namespace model_search {
namespace {

/// A run of one repetition, as Google Benchmark would make it.
benchmark::BenchmarkReporter::Run run_of(const std::string& row, int repetition, int repetitions) {
  benchmark::BenchmarkReporter::Run run;
  run.run_name.function_name = row;
  run.family_index = 0;
  run.per_family_instance_index = 0;
  run.repetitions = repetitions;
  run.repetition_index = repetition;
  run.iterations = 0;
  run.time_unit = benchmark::kMillisecond;
  run.statistics = nullptr;
  return run;
}

/// Removes the leading comma, which separates rows from those before.
std::string without_comma(const std::string& rows) {
  const std::size_t start = rows.find_first_not_of(",\n");
  return start == std::string::npos ? std::string() : rows.substr(start);
}

}  // namespace

Recorder::Recorder(Display& display, ResultFile* file, EarlierResults earlier,
                   std::function<bool(const std::string& row)> unfinished,
                   std::function<void()> after_row)
    : display_(display),
      file_(file),
      earlier_(std::move(earlier)),
      unfinished_(std::move(unfinished)),
      after_row_(std::move(after_row)) {
  json_.SetOutputStream(&text_);
  json_.SetErrorStream(&text_);
  for (const std::string& row : earlier_.rows) add_outcomes(outcomes_, row);
}

bool Recorder::ReportContext(const Context& context) {
  if (begun_) return true;
  begun_ = true;
  json_.ReportContext(context);
  const std::string header = taken();
  if (file_ != nullptr) file_->begin(header, std::move(earlier_.rows));
  display_.report_context(context, GetOutputStream(), GetErrorStream());
  return true;
}

void Recorder::ReportRuns(const std::vector<Run>& runs) {
  if (!unfinished_(runs.front().benchmark_name())) report(runs);
  after_row_();
}

void Recorder::report_failure(const std::string& row, const std::string& message, int repetitions) {
  Run run = run_of(row, 0, repetitions);
  set_error(run, message);
  report({run});
}

void Recorder::keep_repetition(const std::string& row, const Row& measured, int index,
                               int repetitions) {
  if (file_ == nullptr) return;
  Run run = run_of(row, index, repetitions);
  run.iterations = 1;
  run.real_accumulated_time = measured.seconds;
  run.report_label = measured.label;
  for (const auto& [name, value] : measured.counters) run.counters[name] = value;
  json_.ReportRuns({run});
  file_->add_for_now(without_comma(taken()));
}

void Recorder::close() {
  display_.close();
  if (file_ != nullptr) file_->finish();
}

void Recorder::report(const std::vector<Run>& runs) {
  display_.report(runs);
  json_.ReportRuns(runs);
  const std::string rows = without_comma(taken());
  add_outcomes(outcomes_, rows);
  if (file_ != nullptr) {
    file_->add(rows);
    if (!file_->error().empty()) {
      note(file_->error() +
           "; the file keeps the rows before, and the next row tries to write all of them");
    }
  }
}

std::string Recorder::taken() {
  std::string text = text_.str();
  text_.str("");
  return text;
}

}  // namespace model_search
