# SPDX-License-Identifier: Apache-2.0
# Third-party packages. Each is taken from the system; Google Benchmark, nlohmann/json, CLI11 and
# GoogleTest are fetched where the system has none.
include(FetchContent)
find_package(Threads REQUIRED)

find_path(STB_INCLUDE_DIR stb_image.h PATH_SUFFIXES stb)
if(NOT STB_INCLUDE_DIR)
  message(FATAL_ERROR "stb_image.h was not found. Install it with 'sudo apt-get install libstb-dev', "
                      "or give its folder with -DSTB_INCLUDE_DIR=DIR.")
endif()
add_library(stb INTERFACE)
target_include_directories(stb SYSTEM INTERFACE "${STB_INCLUDE_DIR}")

find_path(UTF8PROC_INCLUDE_DIR utf8proc.h)
find_library(UTF8PROC_LIBRARY utf8proc)
if(NOT UTF8PROC_INCLUDE_DIR OR NOT UTF8PROC_LIBRARY)
  message(FATAL_ERROR "utf8proc was not found. Install it with 'sudo apt-get install libutf8proc-dev', "
                      "or give -DUTF8PROC_INCLUDE_DIR=DIR and -DUTF8PROC_LIBRARY=FILE.")
endif()
add_library(utf8proc INTERFACE)
target_include_directories(utf8proc SYSTEM INTERFACE "${UTF8PROC_INCLUDE_DIR}")
target_link_libraries(utf8proc INTERFACE "${UTF8PROC_LIBRARY}")

# JPEG is optional: without it the decoder `turbojpeg` is left out, and the program says so.
find_package(JPEG)
set(MODEL_SEARCH_TURBOJPEG OFF)
if(JPEG_FOUND)
  include(CheckSymbolExists)
  set(CMAKE_REQUIRED_INCLUDES ${JPEG_INCLUDE_DIRS})
  set(CMAKE_REQUIRED_LIBRARIES ${JPEG_LIBRARIES})
  # Only libjpeg-turbo can decode a part of an image; other libjpeg libraries cannot.
  check_symbol_exists(jpeg_crop_scanline "stdio.h;jpeglib.h" JPEG_DECODES_PARTS)
  unset(CMAKE_REQUIRED_INCLUDES)
  unset(CMAKE_REQUIRED_LIBRARIES)
  set(MODEL_SEARCH_TURBOJPEG ${JPEG_DECODES_PARTS})
endif()
if(NOT MODEL_SEARCH_TURBOJPEG)
  message(STATUS "libjpeg-turbo was not found: the decoder 'turbojpeg' is left out "
                 "(Debian, Ubuntu: apt-get install libjpeg-dev)")
endif()

FetchContent_Declare(nlohmann_json
  URL https://github.com/nlohmann/json/releases/download/v3.11.3/json.tar.xz
  FIND_PACKAGE_ARGS NAMES nlohmann_json)
FetchContent_MakeAvailable(nlohmann_json)

if(NOT MODEL_SEARCH_DATASETS_ONLY)
  FetchContent_Declare(CLI11
    URL https://github.com/CLIUtils/CLI11/archive/refs/tags/v2.4.2.tar.gz
    FIND_PACKAGE_ARGS NAMES CLI11)
  set(BENCHMARK_ENABLE_TESTING OFF CACHE BOOL "" FORCE)
  FetchContent_Declare(benchmark
    URL https://github.com/google/benchmark/archive/refs/tags/v1.9.1.tar.gz
    FIND_PACKAGE_ARGS NAMES benchmark)
  FetchContent_MakeAvailable(CLI11 benchmark)
  include(LibTorch)
endif()

if(MODEL_SEARCH_TESTS)
  FetchContent_Declare(googletest
    URL https://github.com/google/googletest/archive/refs/tags/v1.15.2.tar.gz
    FIND_PACKAGE_ARGS NAMES GTest)
  FetchContent_MakeAvailable(googletest)
endif()
