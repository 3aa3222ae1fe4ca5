// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "fixtures/devices/device.h"
#include "fixtures/devices/precision.h"

namespace model_search {

/// What this machine's devices reach at best (fixtures/measuring/device_rates.h), measured when it
/// is first asked for and kept in `rates.json` of a folder, by hardware, library and threads.
/// Deleting that file measures them again.
class RateTable {
 public:
  explicit RateTable(const std::filesystem::path& folder) : file_(folder / "rates.json") {}

  /// Floating-point operations per second, two for each multiply-accumulate. Leaves LibTorch's
  /// precision as that of `precision`.
  double matrix(const Device& device, const Precision& precision);
  /// Bytes read and written per second in the device's memory.
  double copy(const Device& device);
  /// Bytes per second from pinned host memory to a GPU.
  double upload(const Device& device);
  /// Bytes per second from the storage of that folder.
  double read();

 private:
  double get(const std::string& key, const std::function<double()>& measure);

  std::filesystem::path file_;
};

}  // namespace model_search
