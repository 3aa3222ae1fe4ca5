// SPDX-License-Identifier: Apache-2.0
#include <stdexcept>

#include "datasets/images/decoder.h"
#include "datasets/images/formats/image_format.h"
#include "datasets/images/stb_decoder.h"
#include "datasets/images/turbojpeg_decoder.h"

namespace model_search {
namespace {

class WholeImage : public RowSink {
 public:
  Rectangle begin(std::int64_t width, std::int64_t height) override {
    image = {width, height, {}};
    image.pixels.reserve(static_cast<std::size_t>(width * height * 3));
    return {0, 0, width, height};
  }
  void rows(const PixelRows& piece) override {
    for (std::int64_t y = 0; y < piece.place.height; ++y) {
      const std::uint8_t* row = piece.pixels + static_cast<std::size_t>(y) * piece.stride;
      image.pixels.insert(image.pixels.end(), row, row + piece.place.width * 3);
    }
  }
  Image image;
};

}  // namespace

Image decode_image(const Decoder& decoder, std::span<const std::byte> file) {
  WholeImage whole;
  decoder.decode(file, whole);
  return std::move(whole.image);
}

std::span<const DecoderEntry> decoder_table() {
  static constexpr DecoderEntry table[] = {
      {"turbojpeg", make_turbojpeg_decoder},
      {"stb", make_stb_decoder},
  };
  return table;
}

std::unique_ptr<Decoder> make_decoder(std::string_view name) {
  std::string choices;
  for (const DecoderEntry& entry : decoder_table()) {
    if (entry.name == name) return decode_by_content(entry.make());
    choices += (choices.empty() ? "" : ", ") + std::string(entry.name);
  }
  throw std::invalid_argument("unknown decoder '" + std::string(name) + "': choose " + choices);
}

}  // namespace model_search
