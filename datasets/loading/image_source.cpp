// SPDX-License-Identifier: Apache-2.0
#include "datasets/loading/image_source.h"

#include <utility>

#include "datasets/loading/damaged_file.h"
#include "datasets/loading/decode_image.h"
#include "datasets/loading/host_clock.h"
#include "datasets/loading/waits.h"

namespace model_search {

ImageSource::ImageSource(ClassFolder folder, std::string_view decoder, Preprocessing preprocessing,
                         Element element)
    : folder_(std::move(folder)),
      preprocessing_(preprocessing),
      shape_{preprocessed_shape(preprocessing, element)},
      decoder_(make_decoder(decoder)) {}

std::int64_t ImageSource::label(std::size_t index) const {
  return folder_.files.at(index).label;
}

ReadSeconds ImageSource::read(std::size_t index, ItemBytes out) const {
  check_item_bytes(shape_, out);
  const std::filesystem::path& path = folder_.files.at(index).path;
  thread_local std::vector<std::byte> file;  // One allocation per thread, not per image.
  const HostClock reading;
  {
    const Wait wait("reading", path.native());
    read_item_file(path, file);
  }
  const double storage = reading.seconds();
  ReadSeconds seconds =
      decode_image(*decoder_, file, path, preprocessing_, shape_.front().element, out.front());
  seconds.storage = storage;
  return seconds;
}

}  // namespace model_search
