// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "datasets/files/file_descriptor.h"
#include "fixtures/devices/environment.h"

namespace model_search {

/// Results as Google Benchmark JSON, complete at any moment. Each change is written to a new file
/// that then replaces the old one, so that a killed process leaves all rows that were finished
/// before. A stream (is_stream()) gets each part once instead, and is valid JSON after finish().
class ResultFile {
 public:
  explicit ResultFile(std::filesystem::path path);

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// Writes the file with the part before the rows (the context) and the rows of an earlier run.
  /// Throws std::runtime_error that names the file and the system's reason.
  void begin(std::string header, std::vector<std::string> rows);
  /// Adds rows: JSON objects, separated by commas. Where they cannot be written (a full disk), the
  /// file stays as it was, and the next change writes these rows too; see error().
  void add(std::string rows);
  /// Adds a row that stays only until the next add(): a repetition of a row whose other repetitions
  /// are not measured yet. A stream does not get it.
  void add_for_now(std::string row);
  /// Ends a stream.
  void finish();
  /// Whether another run can read and continue the file.
  [[nodiscard]] bool continues() const { return !stream_; }
  /// Why the last change could not be written; empty where it was.
  [[nodiscard]] const std::string& error() const { return error_; }

 private:
  void write();
  void send(std::string_view text);

  std::filesystem::path path_;
  std::optional<FileDescriptor> stream_;
  std::string header_;
  std::vector<std::string> rows_;
  std::vector<std::string> rows_for_now_;
  std::string error_;
};

/// The path of what belongs to a file of results: `RESULTS.json` or `RESULTS` with `suffix` in
/// place of
/// `.json`. Another ending stays, so that `run.1` and `run.2` do not share it.
[[nodiscard]] std::filesystem::path next_to_results(std::filesystem::path results,
                                                    const std::string& suffix);

/// The rows that an earlier run of the same command finished.
struct EarlierResults {
  Facts context;                  ///< the context's entries that are texts
  std::vector<std::string> rows;  ///< JSON objects
  std::set<std::string> names;    ///< names of the benchmarks, without those of aggregates
  std::set<int> repetitions;      ///< how often its benchmarks were repeated
  std::size_t failures = 0;       ///< benchmarks whose rows say that they failed
};

/// Reads earlier results; empty where the file does not exist. Leaves out rows whose repetitions
/// are not all there. Throws std::runtime_error that names the file where it is not Google
/// Benchmark JSON. `retry_failed` leaves out failed rows.
[[nodiscard]] EarlierResults read_earlier_results(const std::filesystem::path& path,
                                                  bool retry_failed);

/// Throws std::invalid_argument with the first differences from `facts` where the earlier results
/// were measured on another machine, with another build or with other options.
void require_same_facts(const EarlierResults& earlier, const Facts& facts,
                        const std::filesystem::path& path);

/// Throws std::invalid_argument where the earlier rows have another number of repetitions.
void require_same_repetitions(const EarlierResults& earlier, int repetitions,
                              const std::filesystem::path& path);

}  // namespace model_search
