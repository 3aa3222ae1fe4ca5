// SPDX-License-Identifier: Apache-2.0
#include "datasets/images/formats/tiff_memory.h"

#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <new>
#include <stdexcept>

namespace model_search {
namespace {

tmsize_t read_memory(thandle_t handle, void* out, tmsize_t size) {
  auto& memory = *static_cast<TiffMemory*>(handle);
  if (size <= 0 || memory.place >= memory.file.size()) return 0;
  const std::size_t count =
      std::min<std::size_t>(static_cast<std::size_t>(size), memory.file.size() - memory.place);
  std::memcpy(out, memory.file.data() + memory.place, count);
  memory.place += count;
  return static_cast<tmsize_t>(count);
}

toff_t seek_memory(thandle_t handle, toff_t offset, int from) {
  auto& memory = *static_cast<TiffMemory*>(handle);
  if (from == SEEK_CUR) offset += memory.place;
  if (from == SEEK_END) offset += memory.file.size();
  return memory.place = offset;
}

toff_t size_of_memory(thandle_t handle) {
  return static_cast<TiffMemory*>(handle)->file.size();
}

int note_error(TIFF*, void* memory, const char*, const char* format, std::va_list values) {
  std::array<char, 300> text{};
  std::vsnprintf(text.data(), text.size(), format, values);
  static_cast<TiffMemory*>(memory)->error = text.data();
  return 1;
}

}  // namespace

void fail_tiff(const TiffMemory& memory) {
  throw std::runtime_error("the TIFF is damaged or truncated: " +
                           (memory.error.empty() ? "it has no image" : memory.error));
}

Tiff open_tiff(TiffMemory& memory) {
  TIFFOpenOptions* options = TIFFOpenOptionsAlloc();
  if (options == nullptr) throw std::bad_alloc();
  TIFFOpenOptionsSetErrorHandlerExtR(options, note_error, &memory);
  TIFFOpenOptionsSetWarningHandlerExtR(
      options, [](TIFF*, void*, const char*, const char*, std::va_list) { return 1; }, nullptr);
  Tiff tiff(TIFFClientOpenExt(
      "memory", "rm", &memory, read_memory,
      [](thandle_t, void*, tmsize_t) -> tmsize_t { return 0; }, seek_memory,
      [](thandle_t) { return 0; }, size_of_memory, nullptr, nullptr, options));
  TIFFOpenOptionsFree(options);
  if (!tiff) fail_tiff(memory);
  return tiff;
}

}  // namespace model_search
