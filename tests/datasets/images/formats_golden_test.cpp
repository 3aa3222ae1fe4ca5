// SPDX-License-Identifier: Apache-2.0
// Files of many kinds, all named .jpg, against the pixels that Pillow makes of them; both are
// written by export_formats.py.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "datasets/files/file_bytes.h"
#include "datasets/images/decoder.h"
#include "datasets/images/formats/image_format.h"

namespace model_search {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> files() {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(FORMAT_REFERENCE)) {
    if (entry.path().extension() == ".jpg") found.push_back(entry.path());
  }
  std::ranges::sort(found);
  return found;
}

/// Whether this build lacks the library for a kind such as "webp_alpha".
bool is_missing(const std::string& kind) {
  const std::string read = readable_formats();
  const auto lacks = [&](const char* prefix, const char* name) {
    return kind.starts_with(prefix) && read.find(name) == std::string::npos;
  };
  return lacks("gif", "GIF") || lacks("tiff", "TIFF") || lacks("webp", "WebP");
}

std::int64_t number(const std::vector<std::byte>& bytes, std::size_t place) {
  std::int64_t value = 0;
  for (std::size_t i = 4; i-- > 0;) {
    value = value * 256 + std::to_integer<std::int64_t>(bytes[place + i]);
  }
  return value;
}

TEST(Formats, GiveTheirPixelsAsPillowDoesByEveryDecoder) {
  ASSERT_GT(files().size(), 50U);
  for (const fs::path& path : files()) {
    if (is_missing(path.stem().string())) continue;
    std::vector<std::byte> file;
    std::vector<std::byte> expected;
    read_file(path, file);
    read_file(fs::path(path).replace_extension(".rgb"), expected);
    for (const DecoderEntry& decoder : decoder_table()) {
      SCOPED_TRACE(path.stem().string() + " by " + std::string(decoder.name));
      try {
        const Image image = decode_image(*make_decoder(decoder.name), file);
        EXPECT_EQ(image.width, number(expected, 0));
        EXPECT_EQ(image.height, number(expected, 4));
        ASSERT_EQ(image.pixels.size() + 8, expected.size());
        const auto* pixels = reinterpret_cast<const std::uint8_t*>(expected.data() + 8);
        int most = 0;
        for (std::size_t i = 0; i < image.pixels.size(); ++i) {
          most = std::max(most, std::abs(image.pixels[i] - pixels[i]));
        }
        EXPECT_EQ(most, 0);
      } catch (const std::exception& error) {
        ADD_FAILURE() << error.what();
      }
    }
  }
}

TEST(Formats, FindTruncation) {
  for (const fs::path& path : files()) {
    if (is_missing(path.stem().string())) continue;
    std::vector<std::byte> file;
    read_file(path, file);
    for (const std::size_t size : {file.size() / 4, file.size() / 40}) {
      EXPECT_THROW((void)decode_image(*make_decoder("stb"), std::span(file).first(size)),
                   std::runtime_error)
          << path.stem() << " after " << size << " bytes";
    }
  }
}

}  // namespace
}  // namespace model_search
