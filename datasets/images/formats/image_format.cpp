// SPDX-License-Identifier: Apache-2.0
#include "datasets/images/formats/image_format.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "datasets/images/jpeg_integrity.h"
#include "datasets/images/jpeg_segments.h"
#include "datasets/images/png_integrity.h"

namespace model_search {

// Each is defined in the file that bears the format's name.
void decode_bmp(std::span<const std::byte> file, RowSink& sink);
void decode_gif(std::span<const std::byte> file, RowSink& sink);
void decode_png(std::span<const std::byte> file, RowSink& sink);
void decode_pnm(std::span<const std::byte> file, RowSink& sink);
void decode_tiff(std::span<const std::byte> file, RowSink& sink);
void decode_webp(std::span<const std::byte> file, RowSink& sink);

namespace {

using Bytes = std::span<const std::byte>;

bool has(Bytes file, std::size_t place, std::string_view text) {
  return file.size() >= place + text.size() &&
         std::memcmp(file.data() + place, text.data(), text.size()) == 0;
}

bool is_bmp(Bytes file) {
  return has(file, 0, "BM");
}

bool is_gif(Bytes file) {
  return has(file, 0, "GIF8");
}

bool is_png(Bytes file) {
  return has(file, 0, "\x89PNG\r\n\x1A\n");
}

bool is_tiff(Bytes file) {
  using namespace std::string_view_literals;
  return has(file, 0, "II*\0"sv) || has(file, 0, "MM\0*"sv) || has(file, 0, "II+\0"sv) ||
         has(file, 0, "MM\0+"sv);
}

/// A netpbm file: its number is followed by white space or a comment.
bool is_pnm(Bytes file) {
  if (file.size() < 3 || !has(file, 0, "P")) return false;
  const auto kind = std::to_integer<unsigned char>(file[1]);
  const auto next = std::to_integer<unsigned char>(file[2]);
  return std::strchr("1234567fF", kind) != nullptr && kind != 0 &&
         (std::isspace(next) != 0 || next == '#');
}

bool is_webp(Bytes file) {
  return has(file, 0, "RIFF") && has(file, 8, "WEBP");
}

/// ISO's base media files: the name of the brand says what they hold.
bool is_heif(Bytes file) {
  return has(file, 4, "ftyp");
}

bool is_jpeg_2000(Bytes file) {
  return has(file, 4, "jP  ") || has(file, 0, "\xFF\x4F\xFF\x51");
}

#ifdef MODEL_SEARCH_GIF
constexpr ImageFormat gif{"a GIF", is_gif, decode_gif};
#else
constexpr ImageFormat gif{"a GIF", is_gif, nullptr,
                          "giflib was not found when this program was configured"};
#endif
#ifdef MODEL_SEARCH_TIFF
constexpr ImageFormat tiff{"a TIFF", is_tiff, decode_tiff};
#else
constexpr ImageFormat tiff{"a TIFF", is_tiff, nullptr,
                           "libtiff 4.5 was not found when this program was configured"};
#endif
#ifdef MODEL_SEARCH_WEBP
constexpr ImageFormat webp{"a WebP", is_webp, decode_webp};
#else
constexpr ImageFormat webp{"a WebP", is_webp, nullptr,
                           "libwebp was not found when this program was configured"};
#endif

constexpr const char* never = "this program does not read such files";

constexpr std::array format_table{ImageFormat{"a PNG", is_png, decode_png, {}, require_intact_png},
                                  ImageFormat{"a BMP", is_bmp, decode_bmp},
                                  gif,
                                  ImageFormat{"a PNM", is_pnm, decode_pnm},
                                  tiff,
                                  webp,
                                  ImageFormat{"a HEIC or an AVIF", is_heif, nullptr, never},
                                  ImageFormat{"a JPEG 2000", is_jpeg_2000, nullptr, never}};

class ByContent : public Decoder {
 public:
  explicit ByContent(std::unique_ptr<Decoder> own) : own_(std::move(own)) {}
  void decode(Bytes file, RowSink& sink) const override {
    const ImageFormat* format = find_format(file);
    if (format != nullptr) return format->decode(file, sink);
    own_->decode(file, sink);
  }

 private:
  std::unique_ptr<Decoder> own_;
};

}  // namespace

std::string readable_formats() {
  std::string names = "JPEG";
  for (const ImageFormat& format : format_table) {
    if (format.decode == nullptr) continue;
    names += ", " + std::string(format.name.substr(format.name.find(' ') + 1));
  }
  return names;
}

const ImageFormat* find_format(Bytes file) {
  if (is_jpeg(file)) return nullptr;
  if (file.empty()) throw std::runtime_error("the file is empty");
  for (const ImageFormat& format : format_table) {
    if (!format.matches(file)) continue;
    if (format.decode != nullptr) return &format;
    throw std::runtime_error("the file is " + std::string(format.name) + ", and " +
                             std::string(format.missing) + "; what is read: " + readable_formats());
  }
  throw std::runtime_error("the file is of no kind that is read: " + readable_formats());
}

void require_intact_content(Bytes file) {
  const ImageFormat* format = find_format(file);
  if (format == nullptr) return require_intact_jpeg(file);
  if (format->require_intact != nullptr) format->require_intact(file);
}

std::unique_ptr<Decoder> decode_by_content(std::unique_ptr<Decoder> own) {
  return std::make_unique<ByContent>(std::move(own));
}

}  // namespace model_search
