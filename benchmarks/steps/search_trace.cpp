// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/steps/search_trace.h"

#include <cctype>
#include <nlohmann/json.hpp>
#include <span>
#include <stdexcept>
#include <system_error>
#include <vector>

#include "datasets/files/file_bytes.h"

namespace model_search {
namespace {

using Json = nlohmann::ordered_json;

/// The lanes of the trace; threads that load networks follow.
enum Lane : std::size_t { decoding = 1, computing, scoring, loading };
/// Of several devices all but the first compute in lanes of their own.
constexpr std::size_t other_devices = 1000;

std::size_t lane_of(std::size_t device) {
  return device == 0 ? std::size_t{computing} : other_devices + device;
}

std::string file_name(std::string name) {
  for (char& letter : name) {
    const bool plain = std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '=' ||
                       letter == '.' || letter == '_' || letter == '-';
    if (!plain) letter = '_';
  }
  return name + ".json";
}

Json event(const std::string& name, Step step, std::size_t lane, double begin, double end) {
  constexpr double microseconds = 1e6;
  return {{"name", name},
          {"cat", step_name(step).counter},
          {"ph", "X"},
          {"ts", begin * microseconds},
          {"dur", (end - begin) * microseconds},
          {"pid", 1},
          {"tid", lane}};
}

Json lane_name(std::size_t lane, const std::string& name) {
  return {
      {"name", "thread_name"}, {"ph", "M"}, {"pid", 1}, {"tid", lane}, {"args", {{"name", name}}}};
}

Json segments_of(const RowZoo& zoo, const ZooSearch& search) {
  std::vector<double> seconds;
  for (const SegmentSpan& span : search.spans) {
    if (span.segment >= seconds.size()) seconds.resize(span.segment + 1, 0);
    seconds[span.segment] += span.end - span.begin;
  }
  Json list = Json::array();
  for (const SearchPlan& plan : search.plans) {
    const std::size_t before = list.size();
    for (const Segment& segment : plan.tree) {
      Json names = Json::array();
      for (const std::size_t candidate : segment.candidates) {
        names.push_back(zoo.names.at(candidate));
      }
      const std::size_t place = list.size();
      const Candidate& first = *zoo.zoo->networks.at(segment.candidates.front());
      list.push_back({{"parent", segment.parent ? Json(*segment.parent + before) : Json(nullptr)},
                      {"first", segment.first},
                      {"last", segment.last},
                      {"ends", segment.ends},
                      {"architecture", first.architecture.name},
                      {"candidates", names},
                      {"seconds", place < seconds.size() ? seconds[place] : 0}});
    }
  }
  return list;
}

Json events_of(const ZooSearch& search) {
  Json events = Json::array();
  events.push_back(lane_name(decoding, "decoding"));
  events.push_back(lane_name(computing, "computing"));
  for (std::size_t i = 1; i < search.devices.size(); ++i) {
    events.push_back(lane_name(lane_of(i), "computing on " + search.devices[i].name));
  }
  events.push_back(lane_name(scoring, "scoring"));
  std::size_t loaders = 0;
  for (const SegmentNetworks::Load& load : search.loads) {
    loaders = std::max(loaders, load.thread + 1);
    events.push_back(event("load segment " + std::to_string(load.segment), Step::load_model,
                           loading + load.thread, load.begin, load.end));
    events.back()["args"] = {{"segment", load.segment}};
  }
  for (std::size_t i = 0; i < loaders; ++i) {
    events.push_back(lane_name(loading + i, "loading " + std::to_string(i)));
  }
  double before = 0;
  for (std::size_t i = 0; i < search.arrivals.size(); ++i) {
    // A batch that never arrived has no time.
    if (search.arrivals[i] <= 0) continue;
    if (search.arrivals[i] < before) before = 0;  // The next group's first batch.
    events.push_back(
        event("batch " + std::to_string(i), Step::load_data, decoding, before, search.arrivals[i]));
    events.back()["args"] = {{"batch", i}};
    before = search.arrivals[i];
  }
  for (const SegmentSpan& span : search.spans) {
    events.push_back(event("segment " + std::to_string(span.segment), Step::inference,
                           lane_of(span.device), span.begin, span.end));
    events.back()["args"] = {{"segment", span.segment}, {"batch", span.batch}};
  }
  for (std::size_t i = 0; i < search.rounds.size(); ++i) {
    const ZooRound& round = search.rounds[i];
    const double end = round.begin + round.seconds;
    events.push_back(
        event("round " + std::to_string(i + 1), Step::score, scoring, end - round.score, end));
  }
  return events;
}

}  // namespace

void write_trace(const std::filesystem::path& directory, const std::string& row, const RowZoo& zoo,
                 const ZooSearch& search) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) {
    throw std::runtime_error("cannot make the folder of traces " + directory.string() + ": " +
                             error.message());
  }
  const Json trace{{"traceEvents", events_of(search)},
                   {"row", row},
                   {"seconds", search.seconds},
                   {"segments", segments_of(zoo, search)}};
  const std::string text = trace.dump(-1, ' ', false, Json::error_handler_t::replace);
  write_file(directory / file_name(row), std::as_bytes(std::span(text)));
}

}  // namespace model_search
