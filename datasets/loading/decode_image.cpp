// SPDX-License-Identifier: Apache-2.0
#include "datasets/loading/decode_image.h"

#include <exception>
#include <new>
#include <optional>
#include <stdexcept>

#include "datasets/loading/damaged_file.h"
#include "datasets/loading/host_clock.h"
#include "datasets/loading/waits.h"

namespace model_search {
namespace {

/// Passes everything on to a preprocessor and measures the seconds that it takes.
class TimedSink : public RowSink {
 public:
  explicit TimedSink(Preprocessor& preprocessor) : preprocessor_(preprocessor) {}
  Rectangle begin(std::int64_t width, std::int64_t height) override {
    const HostClock clock;
    const Rectangle needed = preprocessor_.begin(width, height);
    seconds_ += clock.seconds();
    return needed;
  }
  void rows(const PixelRows& piece) override {
    const HostClock clock;
    preprocessor_.rows(piece);
    seconds_ += clock.seconds();
  }
  [[nodiscard]] double seconds() const { return seconds_; }

 private:
  Preprocessor& preprocessor_;
  double seconds_ = 0;
};

/// This thread's preprocessor, which allocates its memory once, not once per image.
Preprocessor& preprocessor_of_thread(const Preprocessing& settings, Element element) {
  thread_local std::optional<Preprocessor> preprocessor;
  if (!preprocessor || !preprocessor->is_for(settings, element)) {
    preprocessor.emplace(settings, element);
  }
  return *preprocessor;
}

}  // namespace

ReadSeconds decode_image(const Decoder& decoder, std::span<const std::byte> encoded,
                         const std::filesystem::path& path, const Preprocessing& settings,
                         Element element, std::span<std::byte> out) {
  const HostClock decoding;
  const Wait wait("decoding", path.native());
  try {
    Preprocessor& preprocessor = preprocessor_of_thread(settings, element);
    preprocessor.write_to(out);
    TimedSink sink(preprocessor);
    decoder.decode(encoded, sink);
    if (!preprocessor.complete()) throw std::runtime_error("the decoder gave too few rows");
    return {.decode = decoding.seconds() - sink.seconds(), .preprocess = sink.seconds()};
  } catch (const std::bad_alloc&) {
    throw;  // The file is not to blame.
  } catch (const std::exception& error) {
    throw DamagedFile(path, "cannot decode '" + path.string() + "': " + error.what(), error.what());
  }
}

}  // namespace model_search
