// SPDX-License-Identifier: Apache-2.0
#include "datasets/loading/text_source.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>

#include "datasets/loading/damaged_file.h"
#include "datasets/loading/host_clock.h"
#include "datasets/loading/waits.h"

namespace model_search {
namespace {

/// Checks the size before reading: a file of many gigabytes must not be read only to be refused.
void check_file_size(const std::filesystem::path& path) {
  std::error_code ignored;  // read_file() names the reason why a file cannot be read.
  const std::uintmax_t bytes = std::filesystem::file_size(path, ignored);
  if (ignored || bytes <= TextSource::max_file_bytes) return;
  const std::string reason = "has " + std::to_string(bytes) + " bytes; at most " +
                             std::to_string(TextSource::max_file_bytes) + " are taken for a text";
  throw DamagedFile(path, "the text '" + path.string() + "' " + reason, reason);
}

/// Copies the ids and fills up with padding; marks in `mask` which are tokens.
void write_item(const std::vector<std::int32_t>& ids, std::int32_t padding_id, ItemBytes out) {
  const std::span<std::byte> values = out[0];
  const std::span<std::byte> mask = out[1];
  std::memcpy(values.data(), ids.data(), ids.size() * sizeof(std::int32_t));
  for (std::size_t i = ids.size(); i < mask.size(); ++i) {
    std::memcpy(values.data() + i * sizeof(padding_id), &padding_id, sizeof(padding_id));
  }
  const auto tokens = static_cast<std::ptrdiff_t>(ids.size());
  std::fill(mask.begin(), mask.begin() + tokens, std::byte{1});
  std::fill(mask.begin() + tokens, mask.end(), std::byte{0});
}

}  // namespace

void read_text_file(const std::filesystem::path& path, std::vector<std::byte>& bytes) {
  check_file_size(path);
  read_item_file(path, bytes);
}

TextSource::TextSource(ClassFolder folder, std::shared_ptr<const Tokenizer> tokenizer,
                       std::size_t max_length)
    : folder_(std::move(folder)),
      tokenizer_(std::move(tokenizer)),
      max_length_(max_length),
      shape_{{{static_cast<std::int64_t>(max_length)}, Element::int32},
             {{static_cast<std::int64_t>(max_length)}, Element::boolean}} {
  if (!tokenizer_) throw std::invalid_argument("a text source needs a tokenizer");
  if (max_length_ < 2) {
    throw std::invalid_argument("max_length is " + std::to_string(max_length_) +
                                "; at least 2 tokens are needed, for the special ones");
  }
}

std::int64_t TextSource::label(std::size_t index) const {
  return folder_.files.at(index).label;
}

ReadSeconds TextSource::read(std::size_t index, ItemBytes out) const {
  check_item_bytes(shape_, out);
  const std::filesystem::path& path = folder_.files.at(index).path;
  thread_local std::vector<std::byte> file;  // Allocations per thread, not per text.
  thread_local std::vector<std::int32_t> ids;

  const HostClock reading;
  {
    const Wait wait("reading", path.native());
    read_text_file(path, file);
  }
  const double storage = reading.seconds();
  const HostClock tokenizing;
  tokenizer_->encode({reinterpret_cast<const char*>(file.data()), file.size()}, max_length_, ids);
  if (ids.size() > max_length_) {
    throw std::logic_error("the tokenizer made " + std::to_string(ids.size()) + " tokens of '" +
                           path.string() + "'; " + std::to_string(max_length_) + " were asked for");
  }
  write_item(ids, tokenizer_->padding_id(), out);
  return {.storage = storage, .decode = tokenizing.seconds()};
}

std::string TextSource::identity() const {
  return "tokenizer=" + tokenizer_->identity() + " max_length=" + std::to_string(max_length_);
}

}  // namespace model_search
