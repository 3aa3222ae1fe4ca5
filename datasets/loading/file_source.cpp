// SPDX-License-Identifier: Apache-2.0
#include "datasets/loading/file_source.h"

#include <algorithm>
#include <climits>
#include <cstring>
#include <stdexcept>

#include "datasets/images/formats/image_format.h"
#include "datasets/loading/damaged_file.h"
#include "datasets/loading/host_clock.h"
#include "datasets/loading/waits.h"

namespace model_search {

FileSource::FileSource(ClassFolder folder) : folder_(std::move(folder)) {
  std::uintmax_t largest = 1;
  for (const LabelledFile& file : folder_.files) {
    std::error_code error;
    const std::uintmax_t bytes = std::filesystem::file_size(file.path, error);
    if (error) {
      throw DamagedFile(file.path, "cannot read '" + file.path.string() + "': " + error.message(),
                        "cannot be read: " + error.message());
    }
    if (bytes > INT_MAX) {
      throw std::runtime_error("'" + file.path.string() + "' is larger than 2 GiB");
    }
    largest = std::max(largest, bytes);
  }
  shape_ = {{{static_cast<std::int64_t>(largest)}, Element::uint8}, {{1}, Element::int32}};
}

std::int64_t FileSource::label(std::size_t index) const {
  return folder_.files.at(index).label;
}

ReadSeconds FileSource::read(std::size_t index, ItemBytes out) const {
  check_item_bytes(shape_, out);
  const std::filesystem::path& path = folder_.files.at(index).path;
  const Wait wait("reading", path.native());
  const HostClock clock;
  thread_local std::vector<std::byte> file;  // One allocation per thread, not per image.
  read_item_file(path, file);
  if (file.size() > out[0].size()) {
    throw std::runtime_error("'" + path.string() + "' has grown since the folder was listed");
  }
  try {
    // Check here, in many threads, rather than in the one thread that feeds the decoder.
    require_intact_content(file);
  } catch (const std::exception& error) {
    throw DamagedFile(path, "cannot decode '" + path.string() + "': " + error.what(), error.what());
  }
  const auto size = static_cast<std::int32_t>(file.size());
  std::memcpy(out[0].data(), file.data(), file.size());
  std::memcpy(out[1].data(), &size, sizeof(size));
  return {.storage = clock.seconds()};
}

std::vector<std::filesystem::path> FileSource::files() const {
  return folder_.paths();
}

}  // namespace model_search
