// SPDX-License-Identifier: Apache-2.0
// Measures how fast libjpeg-turbo alone decodes the JPEGs below a folder: whole images from memory
// to RGB, on a given number of threads. Prints images per second; a peer of loader_ratio.py.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <thread>
#include <vector>

#include "datasets/files/file_bytes.h"

// After <cstdio>, which it needs.
#include <jpeglib.h>

namespace {

using Files = std::vector<std::vector<std::byte>>;

Files read_files(const std::filesystem::path& folder) {
  Files files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) model_search::read_file(entry.path(), files.emplace_back());
  }
  return files;
}

/// Decodes files until `end` of them were taken, wrapping around.
void decode(const Files& files, std::atomic<std::size_t>& next, std::size_t end) {
  jpeg_decompress_struct info{};
  jpeg_error_mgr errors{};
  info.err = jpeg_std_error(&errors);  // An error ends the program: the files are not images.
  jpeg_create_decompress(&info);
  std::vector<unsigned char> pixels;
  for (std::size_t i = next++; i < end; i = next++) {
    const auto& file = files[i % files.size()];
    jpeg_mem_src(&info, reinterpret_cast<const unsigned char*>(file.data()),
                 static_cast<unsigned long>(file.size()));
    jpeg_read_header(&info, TRUE);
    info.out_color_space = JCS_RGB;
    jpeg_start_decompress(&info);
    const std::size_t stride = std::size_t{info.output_width} * 3;
    pixels.resize(stride * info.output_height);
    while (info.output_scanline < info.output_height) {
      JSAMPROW row = pixels.data() + info.output_scanline * stride;
      jpeg_read_scanlines(&info, &row, 1);
    }
    jpeg_finish_decompress(&info);
  }
  jpeg_destroy_decompress(&info);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4 || std::atoi(argv[2]) < 1 || std::atol(argv[3]) < 1) {
    std::fprintf(stderr, "usage: bare_decode FOLDER THREADS IMAGES\n");
    return 2;
  }
  try {
    const Files files = read_files(argv[1]);
    if (files.empty()) throw std::runtime_error(std::string(argv[1]) + " holds no files");
    const auto end = static_cast<std::size_t>(std::atol(argv[3]));
    std::atomic<std::size_t> next{0};
    decode(files, next, std::min<std::size_t>(end, 64));  // Warms up.
    next = 0;
    const auto start = std::chrono::steady_clock::now();
    {
      std::vector<std::jthread> threads;
      for (int i = 0; i < std::atoi(argv[2]); ++i) {
        threads.emplace_back([&] { decode(files, next, end); });
      }
    }
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    std::printf("%.3f\n", static_cast<double>(end) / seconds.count());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bare_decode: %s\n", error.what());
    return 1;
  }
  return 0;
}
