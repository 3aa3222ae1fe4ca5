// SPDX-License-Identifier: Apache-2.0
#include "datasets/loading/image_source.h"

#include <exception>
#include <new>
#include <optional>
#include <stdexcept>
#include <utility>

#include "datasets/files/file_bytes.h"
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
  const HostClock decoding;
  const Wait wait("decoding", path.native());
  try {
    Preprocessor& preprocessor = preprocessor_of_thread(preprocessing_, shape_.front().element);
    preprocessor.write_to(out.front());
    TimedSink sink(preprocessor);
    decoder_->decode(file, sink);
    if (!preprocessor.complete()) throw std::runtime_error("the decoder gave too few rows");
    return {.storage = storage,
            .decode = decoding.seconds() - sink.seconds(),
            .preprocess = sink.seconds()};
  } catch (const std::bad_alloc&) {
    throw;  // The file is not to blame.
  } catch (const std::exception& error) {
    throw DamagedFile(path, "cannot decode '" + path.string() + "': " + error.what(), error.what());
  }
}

}  // namespace model_search
