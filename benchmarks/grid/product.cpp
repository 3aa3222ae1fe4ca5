// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/grid/product.h"

#include <filesystem>
#include <regex>
#include <set>
#include <stdexcept>
#include <utility>

#include "fixtures/devices/device_set.h"
#include "fixtures/models/architecture.h"

namespace model_search {
namespace {

/// The subject of a step's rows: a candidate, or a kind of input.
struct Subject {
  std::string name;
  std::string input;
};

std::vector<Subject> candidate_subjects(const Options& options) {
  // A candidate without an architecture fails in the rows that another one would have.
  std::string input_of_others = "images";
  for (const ZooEntry& entry : options.zoo) {
    const Architecture* known = known_architecture(entry.architecture);
    if (known == nullptr) continue;
    input_of_others = known->input;
    break;
  }
  std::vector<Subject> subjects;
  for (const ZooEntry& entry : options.zoo) {
    const Architecture* known = known_architecture(entry.architecture);
    subjects.push_back({entry.name, known != nullptr ? known->input : input_of_others});
  }
  return subjects;
}

/// The kinds of input that the candidates take, images first.
std::vector<Subject> input_subjects(const Options& options) {
  std::vector<Subject> subjects;
  for (const char* input : {"images", "text"}) {
    for (const Subject& candidate : candidate_subjects(options)) {
      if (candidate.input != input) continue;
      subjects.push_back({input, input});
      break;
    }
  }
  return subjects;
}

/// The zoo, or one part of it for each kind of input.
std::vector<Subject> zoo_subjects(const Options& options) {
  std::vector<Subject> subjects = input_subjects(options);
  const bool several = subjects.size() > 1;
  for (Subject& subject : subjects) {
    subject.name = zoo_name(options) + (several ? "-" + subject.input : "");
  }
  return subjects;
}

std::vector<Subject> subjects_of(Subjects kind, const Options& options) {
  switch (kind) {
    case Subjects::candidates:
      return candidate_subjects(options);
    case Subjects::inputs:
      return input_subjects(options);
    case Subjects::zoo:
      return zoo_subjects(options);
  }
  return {};
}

Values values_for(const Axis& axis, const StepRows& step, const Combination& row,
                  const Options& options) {
  if (&axis == &axes().batch && step.batches != nullptr) return step.batches(row, options);
  if (&axis == &axes().device && step.devices != nullptr) return step.devices(options);
  return axis.values != nullptr ? axis.values(row, options) : options.of(axis);
}

/// Multiplies rows by an axis. A row without the axis stays as it is; a row that can take none of
/// the values is dropped.
Combinations times(const Combinations& rows, const Axis& axis, const StepRows& step,
                   const Options& options) {
  Combinations product;
  for (const Combination& row : rows) {
    if (axis.applies != nullptr && !axis.applies(row, options)) {
      product.push_back(row);
      continue;
    }
    for (const Value& value : values_for(axis, step, row, options)) {
      if (axis.takes != nullptr && !axis.takes(row, value, options)) continue;
      product.push_back(row);
      if (axis.place != nullptr) {
        axis.place(product.back(), value);
      } else {
        product.back().values[&axis] = value;
      }
    }
  }
  return product;
}

}  // namespace

std::string zoo_name(const Options& options) {
  if (options.candidates.empty()) return "architectures";
  const std::filesystem::path file = std::filesystem::absolute(options.candidates);
  const std::string stem = file.stem().string();
  // A name must not look like several parts of a row's name.
  const std::string folder = file.parent_path().filename().string();
  return stem == "zoo" && !folder.empty() ? folder : stem;
}

std::vector<std::string> candidates_of(const Combination& row, const Options& options) {
  if (row.step != Step::search) {
    return row.configuration.empty() ? std::vector<std::string>{} : std::vector{row.subject};
  }
  std::vector<std::string> names;
  for (const Subject& candidate : candidate_subjects(options)) {
    if (candidate.input == row.input) names.push_back(candidate.name);
  }
  return names;
}

Values swept_batches(const Combination& row, const Options& options) {
  if (options.given.at(&axes().batch)) return options.of(axes().batch);
  using Sizes = std::vector<std::int64_t>;
  const Sizes sizes = row.on_gpu() ? Sizes{1, 32, 128, 256, 512, 1024} : Sizes{1, 8, 32};
  return {sizes.begin(), sizes.end()};
}

Values one_batch(const Combination& row, const Options& options) {
  if (options.given.at(&axes().batch)) return options.of(axes().batch);
  return {std::int64_t{row.on_gpu() ? 128 : 8}};
}

Combinations rows_of(const StepRows& step, const Options& options) {
  for (const std::string& device : options.words(axes().device)) {
    if (step.device_sets || !is_device_set(device)) continue;
    throw std::invalid_argument("--devices=" + device + " is a set of devices, and " +
                                std::string(step_name(step.step).name) +
                                " runs on one: use --steps=Search,EndToEnd with it, or name "
                                "devices one by one");
  }
  Combinations all;
  std::set<std::string> names;
  for (const Subject& subject : subjects_of(step.subjects, options)) {
    Combination start;
    start.step = step.step;
    start.subject = subject.name;
    start.input = subject.input;
    start.configuration = step.configuration;
    Combinations rows{start};
    for (const Axis* axis : step.axes) rows = times(rows, *axis, step, options);
    for (Combination& row : rows) {
      if (step.accepts != nullptr && !step.accepts(row)) continue;
      if (step.adjust != nullptr) step.adjust(row, options);
      if (names.insert(row.name()).second) all.push_back(std::move(row));
    }
  }
  return all;
}

Combinations filtered(const Combinations& rows, const std::string& filter) {
  if (filter.empty() || filter == "all") return rows;
  const bool inverted = filter.front() == '-';
  try {
    const std::regex pattern(inverted ? filter.substr(1) : filter, std::regex::extended);
    Combinations selected;
    for (const Combination& row : rows) {
      if (std::regex_search(row.name(), pattern) != inverted) selected.push_back(row);
    }
    return selected;
  } catch (const std::regex_error& error) {
    throw std::invalid_argument("--benchmark_filter=" + filter +
                                " is not a regular expression: " + error.what());
  }
}

}  // namespace model_search
