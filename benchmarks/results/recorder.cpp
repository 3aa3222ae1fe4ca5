// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/results/recorder.h"

#include <cstdio>
#include <string>
#include <utility>

namespace model_search {
namespace {

/// Google Benchmark 1.8 renamed what an error row has.
template <typename Run>
void set_error(Run& run, const std::string& message) {
  if constexpr (requires { run.error_occurred; }) {
    run.error_occurred = true;
    run.error_message = message;
  } else {
    constexpr int skipped_with_error = 2;
    run.skipped = static_cast<decltype(run.skipped)>(skipped_with_error);
    run.skip_message = message;
  }
}

}  // namespace

Recorder::Recorder(benchmark::BenchmarkReporter& display, ResultFile* file, EarlierResults earlier,
                   std::function<void()> after_row)
    : display_(display),
      file_(file),
      earlier_(std::move(earlier)),
      after_row_(std::move(after_row)) {
  json_.SetOutputStream(&text_);
  json_.SetErrorStream(&text_);
  for (const std::string& row : earlier_.rows) add_outcomes(outcomes_, row);
}

bool Recorder::ReportContext(const Context& context) {
  if (begun_) return true;
  begun_ = true;
  // Passes on the streams that Google Benchmark gave to this reporter.
  display_.SetOutputStream(&GetOutputStream());
  display_.SetErrorStream(&GetErrorStream());
  json_.ReportContext(context);
  const std::string header = taken();
  if (file_ != nullptr) file_->begin(header, std::move(earlier_.rows));
  return display_.ReportContext(context);
}

void Recorder::ReportRuns(const std::vector<Run>& runs) {
  report(runs);
  after_row_();
}

void Recorder::report_failure(const std::string& row, const std::string& message, int repetitions) {
  Run run;
  run.run_name.function_name = row;
  run.family_index = 0;
  run.per_family_instance_index = 0;
  run.repetitions = repetitions;
  run.repetition_index = 0;
  run.iterations = 0;
  run.time_unit = benchmark::kMillisecond;
  run.statistics = nullptr;
  set_error(run, message);
  report({run});
}

void Recorder::report(const std::vector<Run>& runs) {
  display_.ReportRuns(runs);
  json_.ReportRuns(runs);
  std::string rows = taken();
  // Removes the leading comma, which separates these rows from those before.
  const std::size_t start = rows.find_first_not_of(",\n");
  rows = start == std::string::npos ? std::string() : rows.substr(start);
  add_outcomes(outcomes_, rows);
  if (file_ != nullptr) {
    file_->add(rows);
    if (!file_->error().empty()) {
      std::fprintf(
          stderr,
          "%s; the file keeps the rows before, and the next row tries to write all of them\n",
          file_->error().c_str());
    }
  }
}

std::string Recorder::taken() {
  std::string text = text_.str();
  text_.str("");
  return text;
}

}  // namespace model_search
