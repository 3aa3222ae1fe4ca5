// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/steps/row_settings.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <exception>
#include <filesystem>
#include <span>
#include <stdexcept>

#include "datasets/files/page_cache.h"
#include "datasets/images/decoder.h"
#include "datasets/loading/waits.h"
#include "fixtures/devices/gpu_decoder.h"
#include "fixtures/devices/precision.h"

namespace model_search {
namespace {

/// The candidate whose tokenizer stands for its kind in the steps without a network: the first that
/// can be used. Where none can, the error is the first one's.
const Candidate& first_with_tokenizer(Candidates& candidates, const std::string& kind) {
  std::exception_ptr problem;
  for (const ZooEntry& entry : candidates.entries()) {
    const Architecture* known = known_architecture(entry.architecture);
    if (known == nullptr || known->tokens.tokenizer != kind) continue;
    try {
      const Candidate& candidate = candidates.find(entry.name);
      (void)candidates.tokenizer(candidate);
      return candidate;
    } catch (const std::exception&) {
      if (!problem) problem = std::current_exception();
    }
  }
  if (problem) std::rethrow_exception(problem);
  throw std::invalid_argument("no candidate has a tokenizer of the kind '" + kind + "'");
}

/// What decodes where a name bears no decoder: the first of the options that runs on the CPU.
std::string host_decoder(const Options& options) {
  for (const std::string& name : options.words(axes().decoder)) {
    if (!is_gpu_decoder(name)) return name;
  }
  return default_decoder();
}

}  // namespace

const Candidate& RowSettings::candidate() const {
  return session_.candidates.find(row_.subject, row_.word(axes().pooling));
}

Configuration RowSettings::configuration() const {
  return Configuration::parse(row_.configuration);
}

InputSettings RowSettings::input() const {
  InputSettings input;
  const bool network = !row_.configuration.empty();
  input.kind = network ? architecture().input : row_.subject;
  input.prepared = prepared(row_);
  if (input.prepared) input.storage = storage();
  if (input.kind == "images") {
    input.decoder =
        row_.has(axes().decoder) ? row_.word(axes().decoder) : host_decoder(session_.options);
    if (row_.is(axes().input, "uint8")) input.element = Element::uint8;
    return input;
  }
  const Candidate& reader =
      network ? candidate()
              : first_with_tokenizer(session_.candidates, row_.word(axes().tokenizer));
  input.tokenizer = session_.candidates.tokenizer(reader);
  input.max_length = row_.number(axes().max_length);
  input.padding = row_.is(axes().padding, "longest") ? Padding::longest : Padding::fixed;
  const std::int64_t longest = reader.architecture.tokens.longest;
  if (input.max_length > longest) {
    throw std::invalid_argument("texts of " + std::to_string(input.max_length) +
                                " tokens are longer than " + reader.name() + " takes (" +
                                std::to_string(longest) +
                                "); give --max_lengths=" + std::to_string(longest) + " or less");
  }
  return input;
}

Placement RowSettings::placement() const {
  const bool fused = row_.is(axes().execution, "fused") || row_.is(axes().execution, "fused_graph");
  if (fused && !row_.on_gpu() && !has_batch_norm(architecture())) {
    throw std::invalid_argument("execution=fused on a CPU folds BatchNorm into convolutions, and " +
                                architecture().name + " has none: use --executions=eager");
  }
  return {device(),
          {.type = find_precision(precision()).type,
           .channels_last = row_.is(axes().layout, "channels_last")},
          fused};
}

std::string RowSettings::trunk_settings() const {
  Combination trunk = row_;
  trunk.values.erase(&axes().pooling);  // The head's, after all trunks.
  return trunk.identity(affects_features);
}

Element RowSettings::storage() const {
  return find_element(row_.word(axes().storage));
}

void RowSettings::prepare_page_cache(const ItemSource& source) const {
  if (!row_.is(axes().page_cache, "cold")) return;
  const Wait wait("dropping the data set's pages from the page cache");
  const std::vector<std::filesystem::path> files = source.files();
  constexpr std::size_t at_once = 1000;
  for (std::size_t first = 0; first < files.size(); first += at_once) {
    drop_pages(std::span(files).subspan(first, std::min(at_once, files.size() - first)));
    note_progress();
  }
}

std::size_t RowSettings::workers() const {
  return static_cast<std::size_t>(row_.has(axes().workers)
                                      ? row_.number(axes().workers)
                                      : session_.options.number(axes().workers));
}

double RowSettings::set_up_device() const {
  apply_precision(find_precision(precision()));
  at::set_num_threads(static_cast<int>(row_.has(axes().threads)
                                           ? row_.number(axes().threads)
                                           : session_.options.number(axes().threads)));
  double seconds = 0;
  for (const Device& device :
       is_device_set(row_.device) ? devices().devices() : std::vector<Device>{this->device()}) {
    seconds += initialize(device);
  }
  return seconds;
}

std::vector<SearchDevice> RowSettings::search_devices(const Placement& placement) const {
  std::vector<SearchDevice> all;
  if (!is_device_set(row_.device)) return all;
  const DeviceSet set = devices();
  const auto threads =
      static_cast<std::size_t>(row_.has(axes().threads) ? row_.number(axes().threads) : 0);
  for (std::size_t i = 0; i < set.size(); ++i) {
    SearchDevice device{set.name_of(i), placement};
    device.placement.device = set.devices()[i];
    if (!row_.on_gpu()) device.threads = std::max<std::size_t>(1, threads / set.size());
    all.push_back(std::move(device));
  }
  return all;
}

void RowSettings::reset_peaks() const {
  for (const Device& device : devices().devices()) reset_peak_bytes(device);
}

std::int64_t RowSettings::largest_peak() const {
  std::int64_t peak = 0;
  for (const Device& device : devices().devices()) peak = std::max(peak, peak_bytes(device));
  return peak;
}

}  // namespace model_search
