// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/results/result_file.h"

#include <map>
#include <nlohmann/json.hpp>
#include <span>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "benchmarks/results/context.h"
#include "benchmarks/results/json_row.h"
#include "benchmarks/results/whole_file.h"
#include "datasets/files/file_bytes.h"
#include "datasets/files/json_text.h"
#include "datasets/files/new_file.h"

namespace model_search {
namespace {

constexpr std::string_view footer = "\n  ]\n}\n";

/// The benchmarks with fewer rows than repetitions and no aggregates: their run was ended.
std::set<std::string> unfinished(const nlohmann::ordered_json& rows) {
  std::map<std::string, int> missing;
  for (const auto& row : rows) {
    const auto name = row.at("run_name").get<std::string>();
    const auto found = missing.try_emplace(name, row.value("repetitions", 1)).first;
    const bool whole = is_failed_row(row) || row.value("run_type", "iteration") == "aggregate";
    found->second = whole ? 0 : found->second - 1;
  }
  std::set<std::string> names;
  for (const auto& [name, count] : missing) {
    if (count > 0) names.insert(name);
  }
  return names;
}

}  // namespace

ResultFile::ResultFile(std::filesystem::path path) : path_(std::move(path)) {
  if (!is_stream(path_)) return;
  try {
    stream_.emplace(open_stream(path_));
  } catch (const std::system_error& error) {
    throw_file_error("write", path_, error.code().value());
  }
}

void ResultFile::begin(std::string header, std::vector<std::string> rows) {
  header_ = std::move(header);
  rows_ = std::move(rows);
  if (stream_) {
    send(header_);
  } else {
    const std::filesystem::path folder = path_.parent_path();
    remove_left_over_parts(folder.empty() ? "." : folder, path_.filename().string());
    write();
  }
  if (!error_.empty()) throw std::runtime_error(error_);
}

void ResultFile::add(std::string rows) {
  rows_for_now_.clear();
  if (stream_) send((rows_.empty() ? "" : ",\n") + rows);
  rows_.push_back(std::move(rows));
  if (!stream_) write();
}

void ResultFile::add_for_now(std::string row) {
  if (stream_) return;
  rows_for_now_.push_back(std::move(row));
  write();
}

void ResultFile::finish() {
  if (stream_) send(footer);
}

void ResultFile::send(std::string_view text) {
  try {
    write_bytes(*stream_, std::as_bytes(std::span(text)), path_);
  } catch (const std::system_error& error) {
    error_ = file_error("write", path_, error.code().value());
  }
}

void ResultFile::write() {
  std::string text = header_;
  std::string_view separator;
  for (const auto* rows : {&rows_, &rows_for_now_}) {
    for (const std::string& row : *rows) {
      text.append(separator).append(row);
      separator = ",\n";
    }
  }
  text += footer;
  try {
    write_whole_file(path_, text);
    error_.clear();
  } catch (const std::system_error& error) {
    error_ = file_error("write", path_, error.code().value());
  }
}

std::filesystem::path next_to_results(std::filesystem::path results, const std::string& suffix) {
  if (results.extension() == ".json") results.replace_extension();
  results += suffix;
  return results;
}

EarlierResults read_earlier_results(const std::filesystem::path& path, bool retry_failed) {
  EarlierResults results;
  if (!std::filesystem::exists(path)) return results;
  try {
    const auto document = read_json<nlohmann::ordered_json>(path);
    for (const auto& [name, value] : document.at("context").items()) {
      if (value.is_string()) results.context.emplace_back(name, value.get<std::string>());
    }
    const std::set<std::string> partial = unfinished(document.at("benchmarks"));
    std::set<std::string> failures;
    for (const auto& row : document.at("benchmarks")) {
      if (is_failed_row(row)) failures.insert(row.at("run_name").get<std::string>());
    }
    for (const auto& row : document.at("benchmarks")) {
      const auto name = row.at("run_name").get<std::string>();
      if (partial.contains(name) || (retry_failed && failures.contains(name))) continue;
      std::string text = row.dump(2);
      // The indentation is that of Google Benchmark's rows.
      for (std::size_t i = text.find('\n'); i != std::string::npos; i = text.find('\n', i + 1)) {
        text.insert(i + 1, "    ");
      }
      results.rows.push_back("    " + text);
      results.names.insert(name);
      results.repetitions.insert(row.value("repetitions", 1));
    }
    if (!retry_failed) results.failures = failures.size();
  } catch (const JsonError& error) {
    throw std::runtime_error(std::string("--resume: ") + error.what());
  } catch (const nlohmann::json::exception& error) {
    throw std::runtime_error("--resume: '" + path.string() +
                             "' is not Google Benchmark JSON: " + shortened(error.what()));
  }
  return results;
}

void require_same_facts(const EarlierResults& earlier, const Facts& facts,
                        const std::filesystem::path& path) {
  if (earlier.rows.empty()) return;
  const std::map<std::string, std::string> then(earlier.context.begin(), earlier.context.end());
  constexpr std::size_t shown = 3;
  std::string differences;
  std::size_t count = 0;
  for (const auto& [name, now] : facts) {
    // A task that is started again may get other cores and GPUs.
    if (name == stall_limit_fact || name == shard_source_fact || name.starts_with("given_")) {
      continue;
    }
    const auto found = then.find(name);
    if (found != then.end() && found->second == now) continue;
    if (++count > shown) continue;
    differences += (differences.empty() ? "" : "; ") + name + ": " +
                   (found == then.end() ? "missing" : "'" + found->second + "'") + ", now '" + now +
                   "'";
  }
  if (count == 0) return;
  if (count > shown) differences += "; and " + std::to_string(count - shown) + " more";
  throw std::invalid_argument("--resume: '" + path.string() +
                              "' was measured on another machine, with another build or other "
                              "options (" +
                              differences +
                              "); run the command that made it, or give another file");
}

void require_same_repetitions(const EarlierResults& earlier, int repetitions,
                              const std::filesystem::path& path) {
  for (const int then : earlier.repetitions) {
    if (then == repetitions) continue;
    throw std::invalid_argument(
        "--resume: '" + path.string() +
        "' was measured with --benchmark_repetitions=" + std::to_string(then) + ", now " +
        std::to_string(repetitions) + "; run the command that made it, or give another file");
  }
}

}  // namespace model_search
