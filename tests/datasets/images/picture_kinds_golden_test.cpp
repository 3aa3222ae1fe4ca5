// SPDX-License-Identifier: Apache-2.0
// Every kind of picture that Pillow reads, and pictures with missing bytes, by every decoder.
// export_pictures.py writes the files and Pillow's pixels.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "datasets/images/decoder.h"
#include "datasets/images/preprocess.h"
#include "tests/datasets/bytes_of_file.h"

namespace model_search {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> pictures(const char* kind) {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(fs::path(PICTURES) / kind)) {
    if (entry.path().extension() != ".ppm") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

Image pixels_of_pillow(const fs::path& path) {
  const std::vector<std::byte> bytes = bytes_of_file(path.string() + ".ppm");
  std::istringstream header(std::string(reinterpret_cast<const char*>(bytes.data()), 30));
  std::string magic;
  Image image;
  header >> magic >> image.width >> image.height >> magic;
  const auto* end = reinterpret_cast<const std::uint8_t*>(bytes.data()) + bytes.size();
  image.pixels.assign(end - image.width * image.height * 3, end);
  return image;
}

struct Difference {
  int largest = 0;
  double mean = 0;
};

Difference compare(const Image& image, const Image& expected) {
  EXPECT_EQ(image.width, expected.width);
  EXPECT_EQ(image.pixels.size(), expected.pixels.size());
  Difference difference;
  for (std::size_t i = 0; i < std::min(image.pixels.size(), expected.pixels.size()); ++i) {
    const int one = std::abs(image.pixels[i] - expected.pixels[i]);
    difference.largest = std::max(difference.largest, one);
    difference.mean += one / static_cast<double>(expected.pixels.size());
  }
  return difference;
}

std::string error_of(const Decoder& decoder, const fs::path& path) {
  try {
    (void)decode_image(decoder, bytes_of_file(path));
    return {};
  } catch (const std::runtime_error& error) {
    return error.what();
  }
}

TEST(PictureKinds, HavePillowsPixels) {
  const auto paths = pictures("read");
  ASSERT_GE(paths.size(), 60U);
  const auto turbojpeg = make_decoder("turbojpeg");
  for (const fs::path& path : paths) {
    SCOPED_TRACE(path.filename());
    ASSERT_EQ(error_of(*turbojpeg, path), "");
    EXPECT_EQ(
        compare(decode_image(*turbojpeg, bytes_of_file(path)), pixels_of_pillow(path)).largest, 0);
  }
}

TEST(PictureKinds, HaveNearlyPillowsPixelsInStb) {
  const auto stb = make_decoder("stb");
  for (const fs::path& path : pictures("read")) {
    SCOPED_TRACE(path.filename());
    ASSERT_EQ(error_of(*stb, path), "");
    const Difference difference =
        compare(decode_image(*stb, bytes_of_file(path)), pixels_of_pillow(path));
    const bool jpeg = path.extension() == ".jpg";
    EXPECT_LE(difference.mean, jpeg ? 0.5 : 0);
    EXPECT_LE(difference.largest, jpeg ? 8 : 0);
  }
}

TEST(PictureKinds, AreRefusedByAllDecodersWhereBytesAreMissing) {
  const auto paths = pictures("damaged");
  ASSERT_GE(paths.size(), 40U);
  for (const fs::path& path : paths) {
    for (const DecoderEntry& entry : decoder_table()) {
      EXPECT_NE(error_of(*make_decoder(entry.name), path), "")
          << entry.name << " " << path.filename();
    }
  }
}

/// What a search makes of a file.
std::string error_of_search(const Decoder& decoder, const fs::path& path) {
  std::vector<std::byte> values(preprocessed_shape({}, Element::uint8).bytes());
  Preprocessor preprocessor({}, Element::uint8);
  preprocessor.write_to(values);
  try {
    decoder.decode(bytes_of_file(path), preprocessor);
    return {};
  } catch (const std::runtime_error& error) {
    return error.what();
  }
}

std::int64_t peak_kilobytes() {
  rusage usage{};
  EXPECT_EQ(::getrusage(RUSAGE_SELF, &usage), 0);
  return usage.ru_maxrss;
}

TEST(PictureKinds, AreRefusedBeforeMemoryIsTaken) {
  const auto paths = pictures("refused");
  ASSERT_FALSE(paths.empty());
  for (const DecoderEntry& entry : decoder_table()) {
    const auto decoder = make_decoder(entry.name);
    EXPECT_EQ(error_of_search(*decoder, fs::path(PICTURES) / "read" / "plain.jpg"), "");
    const std::int64_t before = peak_kilobytes();
    for (const fs::path& path : paths) {
      const std::string error = error_of_search(*decoder, path);
      EXPECT_NE(error, "") << entry.name << " " << path.filename();
      if (path.filename().string().starts_with("many_pixels")) {
        EXPECT_NE(error.find("--max_pixels"), std::string::npos) << entry.name << ": " << error;
      }
    }
    // This one is read, but not what it inflates to: 64 MB.
    EXPECT_EQ(error_of_search(*decoder, fs::path(PICTURES) / "read" / "inflates.png"), "");
    EXPECT_LE(peak_kilobytes() - before, 20'000) << entry.name;
  }
}

/// Tables of one file must not be those of the next.
TEST(PictureKinds, HaveTheSamePixelsWhateverWasDecodedBefore) {
  const auto paths = pictures("read");
  for (const DecoderEntry& entry : decoder_table()) {
    const auto decoder = make_decoder(entry.name);
    const fs::path motion = fs::path(PICTURES) / "read" / "motion.jpg";
    const Image expected = decode_image(*decoder, bytes_of_file(motion));
    for (const fs::path& path : paths) {
      if (!error_of(*decoder, path).empty()) continue;
      EXPECT_EQ(decode_image(*decoder, bytes_of_file(motion)).pixels, expected.pixels)
          << entry.name << " after " << path.filename();
    }
    EXPECT_NE(error_of(*decoder, fs::path(PICTURES) / "damaged" / "no_quantization.jpg"), "");
  }
}

}  // namespace
}  // namespace model_search
