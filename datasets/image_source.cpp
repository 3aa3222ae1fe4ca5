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

ImageSource::ImageSource(ImageFolder folder, std::string_view decoder, Preprocessing preprocessing)
    : folder_(std::move(folder)), preprocessing_(preprocessing), decoder_(make_decoder(decoder)) {}

ItemShape ImageSource::shape() const {
  return {{3, preprocessing_.crop, preprocessing_.crop}, sizeof(float)};
}

std::int64_t ImageSource::label(std::size_t index) const {
  return folder_.images.at(index).label;
}

ReadSeconds ImageSource::read(std::size_t index, std::span<std::byte> out) const {
  if (out.size() != shape().bytes()) {
    throw std::invalid_argument("an image takes " + std::to_string(shape().bytes()) +
                                " bytes, but the output has " + std::to_string(out.size()));
  }
  const std::filesystem::path& path = folder_.images.at(index).path;
  thread_local std::vector<std::byte> file;  // Kept: an allocation per thread, not per image.

  const auto begin = Clock::now();
  read_file(path, file);
  const auto stored = Clock::now();
  try {
    const Image image = decoder_->decode(file);
    const auto decoded = Clock::now();
    preprocess(image, preprocessing_, {reinterpret_cast<float*>(out.data()), out.size() / 4});
    const auto done = Clock::now();
    return {seconds_between(begin, stored), seconds_between(stored, decoded),
            seconds_between(decoded, done)};
  } catch (const std::exception& error) {
    throw std::runtime_error("cannot decode '" + path.string() + "': " + error.what());
  }
}

}  // namespace model_search
