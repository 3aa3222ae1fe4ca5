// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/results/shard_rows.h"

#include <cstdio>
#include <map>
#include <system_error>

#include "benchmarks/results/context.h"
#include "benchmarks/results/expected_seconds.h"
#include "benchmarks/results/result_file.h"
#include "benchmarks/results/whole_file.h"
#include "datasets/files/fingerprint.h"
#include "datasets/text/printable.h"

namespace model_search {
namespace {

double mean_of(const std::map<std::string, double>& seconds) {
  double total = 0;
  for (const auto& [name, value] : seconds) total += value;
  return seconds.empty() ? 1 : total / static_cast<double>(seconds.size());
}

std::vector<RowCost> costs_of(const Combinations& all, const Options& options) {
  std::map<std::string, double> expected;
  if (!options.expected.empty()) expected = read_expected_seconds(options.expected);
  const double unknown = mean_of(expected);
  std::vector<RowCost> costs;
  for (const Combination& row : all) {
    const std::string name = row.name();
    const auto known = expected.find(name);
    const bool of_candidate = row.step != Step::search && !row.configuration.empty();
    costs.push_back({name, of_candidate ? "candidate " + row.subject : name,
                     known != expected.end() ? known->second : unknown});
  }
  return costs;
}

/// A number of seconds with as many digits as matter.
std::string digits(double seconds) {
  char text[32];
  (void)std::snprintf(text, sizeof(text), "%.3g", seconds);
  return text;
}

}  // namespace

Facts ShardDeal::facts() const {
  Fingerprint grid;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    grid.add((shard.pulls ? "" : std::to_string(shard_of[i]) + " ") + rows[i].name);
  }
  return {{"shard", shard.text()},
          {std::string(shard_source_fact), printable(shard.source)},
          {"shard_grid", std::to_string(rows.size()) + " rows, " + grid.hex()}};
}

std::string ShardDeal::described(const std::string& out) const {
  std::size_t count = 0;
  double own = 0;
  double total = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    total += rows[i].seconds;
    if (!shard.pulls && shard_of[i] != shard.index) continue;
    ++count;
    own += rows[i].seconds;
  }
  const std::string all = std::to_string(rows.size()) + " rows";
  if (shard.pulls) {
    return "Worker " + shard.worker + " (" + shard.source + "): takes of " + all + " at " + store +
           (out.empty() ? "" : ", in " + out);
  }
  std::string text =
      "Shard " + shard.text() + " (" + shard.source + "): " + std::to_string(count) + " of " + all;
  if (expects_seconds) text += ", " + digits(own) + " of " + digits(total) + " s expected";
  if (!out.empty()) text += count > 0 ? ", in " + out : "; it writes no results";
  return text;
}

void ShardDeal::report(const std::string& out) const {
  note(described(out));
  std::string lines;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    lines += (shard.pulls ? "auto" : std::to_string(shard_of[i])) + "\t" + digits(rows[i].seconds) +
             "\t" + printable(rows[i].name) + "\n";
  }
  if (out.empty() || is_stream(out)) return;
  const std::filesystem::path path = next_to_results(out, ".rows.txt");
  try {
    write_whole_file(path, lines);
  } catch (const std::system_error& error) {
    note("cannot write '" + path.string() + "': " + error.code().message() +
         "; tools/merge.py may not know which rows are missing");
  }
}

ShardRows rows_of_shard(const Combinations& all, const Options& options) {
  ShardRows own;
  own.deal.shard = options.shard;
  own.deal.rows = costs_of(all, options);
  own.deal.expects_seconds = !options.expected.empty();
  own.deal.store = options.store;
  if (options.shard.pulls) {
    own.rows = all;
    return own;
  }
  own.deal.shard_of = deal(own.deal.rows, options.shard.count);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (own.deal.shard_of[i] == options.shard.index) own.rows.push_back(all[i]);
  }
  return own;
}

std::string output_of_shard(const std::string& out, const Shard& shard) {
  if (out.empty() || shard.whole() || is_stream(out)) return out;
  return path_of_shard(out, shard).string();
}

}  // namespace model_search
