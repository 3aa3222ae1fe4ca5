// SPDX-License-Identifier: Apache-2.0
// Pictures of every kind through every decoder and the preprocessing.
#include <memory>
#include <vector>

#include "datasets/images/decoder.h"
#include "datasets/images/preprocess.h"
#include "tests/fuzz/input.h"

using namespace model_search;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // A harness may take 512 MB: --max_pixels bounds what a picture takes.
  static const Preprocessing settings{.max_pixels = 4'000'000};
  static Preprocessor preprocessor(settings, Element::uint8);
  static std::vector<std::byte> out(preprocessed_shape(settings, Element::uint8).bytes());
  static const auto decoders = [] {
    std::vector<std::unique_ptr<Decoder>> made;
    for (const DecoderEntry& entry : decoder_table()) made.push_back(make_decoder(entry.name));
    return made;
  }();
  for (const auto& decoder : decoders) {
    must_end([&] {
      preprocessor.write_to(out);
      decoder->decode(bytes_of(data, size), preprocessor);
    });
  }
  return 0;
}
