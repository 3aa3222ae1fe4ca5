// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/results/recorder.h"

#include <cstdio>
#include <string>
#include <utility>

namespace model_search {

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
  after_row_();
}

std::string Recorder::taken() {
  std::string text = text_.str();
  text_.str("");
  return text;
}

}  // namespace model_search
