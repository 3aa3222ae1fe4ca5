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
# Only the first line of the header has the version: "/* stb_image - v2.27 - ...".
file(STRINGS "${STB_INCLUDE_DIR}/stb_image.h" STB_IMAGE_TITLE LIMIT_COUNT 1)
string(REGEX MATCH "[0-9]+\\.[0-9]+" STB_IMAGE_VERSION "${STB_IMAGE_TITLE}")

find_path(UTF8PROC_INCLUDE_DIR utf8proc.h)
find_library(UTF8PROC_LIBRARY utf8proc)
if(NOT UTF8PROC_INCLUDE_DIR OR NOT UTF8PROC_LIBRARY)
  message(FATAL_ERROR "utf8proc was not found. Install it with 'sudo apt-get install libutf8proc-dev', "
                      "or give -DUTF8PROC_INCLUDE_DIR=DIR and -DUTF8PROC_LIBRARY=FILE.")
endif()
add_library(utf8proc INTERFACE)
target_include_directories(utf8proc SYSTEM INTERFACE "${UTF8PROC_INCLUDE_DIR}")
target_link_libraries(utf8proc INTERFACE "${UTF8PROC_LIBRARY}")

# Only libjpeg-turbo can decode a part of an image; other libjpeg libraries cannot.
find_package(JPEG)
if(JPEG_FOUND)
  include(CheckSymbolExists)
  set(CMAKE_REQUIRED_INCLUDES ${JPEG_INCLUDE_DIRS})
  set(CMAKE_REQUIRED_LIBRARIES ${JPEG_LIBRARIES})
  check_symbol_exists(jpeg_crop_scanline "stdio.h;jpeglib.h" JPEG_DECODES_PARTS)
  unset(CMAKE_REQUIRED_INCLUDES)
  unset(CMAKE_REQUIRED_LIBRARIES)
endif()
if(NOT JPEG_DECODES_PARTS)
  message(FATAL_ERROR "libjpeg-turbo was not found. Install it with 'sudo apt-get install libjpeg-dev'.")
endif()
find_package(PNG)
if(NOT PNG_FOUND)
  message(FATAL_ERROR "libpng was not found. Install it with 'sudo apt-get install libpng-dev'.")
endif()

# These are optional: without one, files of its format are errors that say so.
set(MODEL_SEARCH_FORMAT_LIBRARIES "")
find_package(GIF 5)
set(MODEL_SEARCH_GIF ${GIF_FOUND})
find_package(TIFF 4.5) # The first version whose handlers of errors belong to one file.
set(MODEL_SEARCH_TIFF ${TIFF_FOUND})
find_path(WEBP_INCLUDE_DIR webp/demux.h)
find_library(WEBP_LIBRARY webp)
find_library(WEBP_DEMUX_LIBRARY webpdemux)
set(MODEL_SEARCH_WEBP OFF)
if(WEBP_INCLUDE_DIR AND WEBP_LIBRARY AND WEBP_DEMUX_LIBRARY)
  set(MODEL_SEARCH_WEBP ON)
  add_library(webp INTERFACE)
  target_include_directories(webp SYSTEM INTERFACE "${WEBP_INCLUDE_DIR}")
  target_link_libraries(webp INTERFACE "${WEBP_DEMUX_LIBRARY}" "${WEBP_LIBRARY}")
  list(APPEND MODEL_SEARCH_FORMAT_LIBRARIES webp)
endif()
if(MODEL_SEARCH_GIF)
  list(APPEND MODEL_SEARCH_FORMAT_LIBRARIES GIF::GIF)
endif()
if(MODEL_SEARCH_TIFF)
  list(APPEND MODEL_SEARCH_FORMAT_LIBRARIES TIFF::TIFF)
endif()
foreach(format GIF TIFF WEBP)
  if(NOT MODEL_SEARCH_${format})
    string(TOLOWER "${format}" package)
    message(STATUS "lib${package} was not found: files of format ${format} are not read "
                   "(Debian, Ubuntu: apt-get install lib${package}-dev)")
  endif()
endforeach()

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
