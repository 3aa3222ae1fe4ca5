# SPDX-License-Identifier: Apache-2.0
# The settings that every target of this project shares, as one interface target.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}")

add_library(project_settings INTERFACE)
target_compile_options(project_settings INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wpedantic -Wshadow -Wno-unknown-pragmas>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # GCC 12 raises a false alarm on concatenated std::string (GCC bug 105651).
  target_compile_options(project_settings INTERFACE -Wno-restrict)
endif()
target_include_directories(project_settings INTERFACE "${PROJECT_SOURCE_DIR}")

if(MODEL_SEARCH_SANITIZER STREQUAL "address")
  set(sanitizer_flags -fsanitize=address,undefined -fno-sanitize-recover=undefined
      -fno-omit-frame-pointer)
elseif(MODEL_SEARCH_SANITIZER STREQUAL "thread")
  set(sanitizer_flags -fsanitize=thread -fno-omit-frame-pointer)
elseif(MODEL_SEARCH_SANITIZER STREQUAL "fuzzer") # clang's; tests/fuzz links the harnesses
  set(sanitizer_flags -fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=undefined
      -fno-omit-frame-pointer)
elseif(NOT MODEL_SEARCH_SANITIZER STREQUAL "")
  message(FATAL_ERROR "MODEL_SEARCH_SANITIZER=${MODEL_SEARCH_SANITIZER} is unknown: "
                      "use address, thread, fuzzer or leave it empty.")
endif()
target_compile_options(project_settings INTERFACE ${sanitizer_flags})
target_link_options(project_settings INTERFACE ${sanitizer_flags})

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CCACHE}")
endif()
find_program(MOLD mold)
if(MOLD)
  target_link_options(project_settings INTERFACE -fuse-ld=mold)
endif()
