// SPDX-License-Identifier: Apache-2.0
#include "datasets/image_source.h"

#include <chrono>
#include <exception>
#include <stdexcept>
#include <utility>

#include "datasets/file_bytes.h"

namespace model_search {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_between(Clock::time_point begin, Clock::time_point end) {
  return std::chrono::duration<double>(end - begin).count();
}

}  // namespace

ImageSource::ImageSource(ClassFolder folder, std::string_view decoder, Preprocessing preprocessing)
    : folder_(std::move(folder)),
      preprocessing_(preprocessing),
      shape_{{{3, preprocessing.crop, preprocessing.crop}, Element::float32}},
      decoder_(make_decoder(decoder)) {}

std::int64_t ImageSource::label(std::size_t index) const {
  return folder_.files.at(index).label;
}

ReadSeconds ImageSource::read(std::size_t index, ItemBytes out) const {
  check_item_bytes(shape_, out);
  const std::span<std::byte> values = out.front();
  const std::filesystem::path& path = folder_.files.at(index).path;
  thread_local std::vector<std::byte> file;  // Kept: an allocation per thread, not per image.

  const auto begin = Clock::now();
  read_file(path, file);
  const auto stored = Clock::now();
  try {
    const Image image = decoder_->decode(file);
    const auto decoded = Clock::now();
    preprocess(image, preprocessing_, {reinterpret_cast<float*>(values.data()), values.size() / 4});
    const auto done = Clock::now();
    return {seconds_between(begin, stored), seconds_between(stored, decoded),
            seconds_between(decoded, done)};
  } catch (const std::exception& error) {
    throw std::runtime_error("cannot decode '" + path.string() + "': " + error.what());
  }
}

}  // namespace model_search
