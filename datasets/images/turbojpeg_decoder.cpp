// SPDX-License-Identifier: Apache-2.0
#include "datasets/images/turbojpeg_decoder.h"

#include "datasets/images/jpeg_decompressor.h"
#include "datasets/images/jpeg_integrity.h"

namespace model_search {
namespace {

class TurboJpegDecoder : public Decoder {
 public:
  void decode(std::span<const std::byte> file, RowSink& sink) const override {
    require_intact_jpeg(file);
    decompress_jpeg(file, sink);
  }
};

}  // namespace

std::unique_ptr<Decoder> make_turbojpeg_decoder() {
  return std::make_unique<TurboJpegDecoder>();
}

}  // namespace model_search
