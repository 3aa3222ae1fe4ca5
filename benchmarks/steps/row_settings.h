// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "benchmarks/grid/combination.h"
#include "benchmarks/steps/session.h"
#include "fixtures/devices/device_set.h"
#include "fixtures/searching/search_device.h"

namespace model_search {

/// What the axes of a row mean to the libraries below: its candidate, how items become inputs,
/// where and in which form the network computes.
class RowSettings {
 public:
  RowSettings(Session& session, Combination row) : session_(session), row_(std::move(row)) {}

  [[nodiscard]] Session& session() const { return session_; }
  [[nodiscard]] const Options& options() const { return session_.options; }
  [[nodiscard]] const Combination& combination() const { return row_; }
  /// Its device; of a set the first one.
  [[nodiscard]] Device device() const {
    return is_device_set(row_.device) ? devices().devices().front() : Device{row_.device};
  }
  [[nodiscard]] DeviceSet devices() const { return DeviceSet::parse(row_.device); }
  [[nodiscard]] std::size_t batch() const { return static_cast<std::size_t>(row_.batch); }
  /// For steps with a network.
  [[nodiscard]] const Candidate& candidate() const;
  [[nodiscard]] const Architecture& architecture() const { return candidate().architecture; }
  [[nodiscard]] Configuration configuration() const;
  /// How the items become inputs. Throws where the combination's texts are longer than its network
  /// takes, or its tokenizer cannot be read.
  [[nodiscard]] InputSettings input() const;
  /// Its name, e.g. `torch`.
  [[nodiscard]] std::string precision() const { return row_.word(axes().precision); }
  /// The device, and the form in which the network computes there.
  [[nodiscard]] Placement placement() const;
  /// What the features of a trunk depend on besides its tensors and its input: `key=value` of the
  /// row's axes, for the keys of caches.
  [[nodiscard]] std::string trunk_settings() const;
  /// The element type of cached activations.
  [[nodiscard]] Element storage() const;
  /// Drops the pages of what `source` reads where the combination asks for cold ones.
  void prepare_page_cache(const ItemSource& source) const;
  [[nodiscard]] std::size_t workers() const;
  /// The devices of a set, with the placement that the first one has; none where the row has one
  /// device.
  [[nodiscard]] std::vector<SearchDevice> search_devices(const Placement& placement) const;
  /// Starts a new record of the largest peak_bytes() of its devices.
  void reset_peaks() const;
  [[nodiscard]] std::int64_t largest_peak() const;
  /// Sets precision and threads of LibTorch as the combination says and creates the GPU's context.
  /// Returns the seconds of the latter.
  double set_up_device() const;

 private:
  Session& session_;
  Combination row_;
};

}  // namespace model_search
