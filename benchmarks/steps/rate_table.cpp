// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/steps/rate_table.h"

#include <ATen/Parallel.h>
#include <torch/version.h>
#include <unistd.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "fixtures/devices/environment.h"
#include "fixtures/measuring/device_rates.h"

namespace model_search {
namespace {

std::string hardware(const Device& device) {
  if (device.is_cuda()) return hardware_name(device) + ", LibTorch " TORCH_VERSION;
  return cpu_model() + ", " + std::to_string(at::get_num_threads()) +
         " threads, LibTorch " TORCH_VERSION;
}

/// The rates that are known; none where the file is missing or no JSON object.
nlohmann::json read_rates(const std::filesystem::path& path) {
  std::ifstream stream(path);
  nlohmann::json known = nlohmann::json::parse(stream, nullptr, /*allow_exceptions=*/false);
  return known.is_object() ? known : nlohmann::json::object();
}

}  // namespace

double RateTable::get(const std::string& key, const std::function<double()>& measure) {
  nlohmann::json known = read_rates(file_);
  if (const auto found = known.find(key); found != known.end() && found->is_number()) {
    return found->get<double>();
  }
  const double rate = measure();
  known[key] = rate;
  // Beside the file, then in its place: another process may read it now.
  const std::filesystem::path part = file_.string() + ".building-" + std::to_string(::getpid());
  std::filesystem::create_directories(file_.parent_path());
  std::ofstream(part) << known.dump(1) << '\n';
  std::error_code error;
  std::filesystem::rename(part, file_, error);
  return rate;
}

double RateTable::matrix(const Device& device, const Precision& precision) {
  const std::string type = device.is_cuda() ? std::string(precision.name) : "fp32";
  return get(hardware(device) + ": matrix product, " + type, [&] {
    apply_precision(precision);
    return matrix_rate(device, precision);
  });
}

double RateTable::copy(const Device& device) {
  return get(hardware(device) + ": copy in memory", [&] { return copy_rate(device); });
}

double RateTable::upload(const Device& device) {
  return get(hardware(device) + ": copy from pinned memory", [&] { return upload_rate(device); });
}

double RateTable::read() {
  const std::filesystem::path folder = file_.parent_path();
  return get("storage: read " + folder.string(), [&] { return read_rate(folder); });
}

}  // namespace model_search
