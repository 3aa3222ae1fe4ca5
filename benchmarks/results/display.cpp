// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/results/display.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "benchmarks/results/console.h"
#include "benchmarks/results/csv.h"
#include "datasets/files/file_descriptor.h"

namespace model_search {
namespace {

using Run = benchmark::BenchmarkReporter::Run;
using Runs = std::vector<Run>;

std::unique_ptr<benchmark::BenchmarkReporter> make_reporter(const std::string& format,
                                                            const std::string& summary,
                                                            const RowNames& names, bool color) {
  if (format == "json") return std::make_unique<FiniteJson>();
  if (format == "csv") return std::make_unique<Csv>();
  return std::make_unique<Console>(color, summary, names);
}

bool in_color(const BenchmarkFlags& flags) {
  if (flags.color == "auto" || flags.color.empty()) return ::isatty(STDOUT_FILENO) == 1;
  return flags.color != "false" && flags.color != "no" && flags.color != "0";
}

}  // namespace

Display::Display(const BenchmarkFlags& flags, const std::string& summary, const RowNames& names)
    : aggregates_only_(flags.display_aggregates_only),
      shown_format_(flags.display),
      table_out_(flags.table_out),
      shown_(make_reporter(flags.display, summary, names, in_color(flags))) {
  if (flags.table_out.empty()) return;
  stream_.open(flags.table_out);
  if (!stream_) throw_file_error("write", flags.table_out, errno);
  file_ = make_reporter(flags.out_format, summary, names, /*color=*/false);
}

void Display::report_context(const benchmark::BenchmarkReporter::Context& context,
                             std::ostream& out, std::ostream& error) {
  shown_->SetOutputStream(&out);
  shown_->SetErrorStream(&error);
  shown_->ReportContext(context);
  if (!file_) return;
  file_->SetOutputStream(&stream_);
  file_->SetErrorStream(&stream_);
  file_->ReportContext(context);
}

void Display::report(const Runs& runs) {
  if (file_) file_->ReportRuns(runs);
  if (runs.empty()) return;
  const bool aggregates = runs.front().run_type == Run::RT_Aggregate;
  const Runs before = std::exchange(held_back_, {});
  if (!aggregates && !before.empty()) shown_->ReportRuns(before);
  if (aggregates_only_ && !aggregates && runs.front().repetitions > 1) {
    held_back_ = runs;
  } else {
    shown_->ReportRuns(runs);
  }
}

void Display::close() {
  const Runs before = std::exchange(held_back_, {});
  if (!before.empty()) shown_->ReportRuns(before);
  shown_->Finalize();
  if (shown_format_ == "json" || shown_format_ == "csv") check(shown_->GetOutputStream(), "stdout");
  if (!file_) return;
  file_->Finalize();
  check(stream_, table_out_);
}

void Display::check(std::ostream& stream, const std::string& name) {
  errno = 0;
  stream.flush();
  if (stream) return;
  error_ = "cannot write '" + name + "'";
  if (errno != 0) error_ += std::string(": ") + std::strerror(errno);
}

}  // namespace model_search
