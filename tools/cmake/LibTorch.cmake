# SPDX-License-Identifier: Apache-2.0
# LibTorch: from CMAKE_PREFIX_PATH or Torch_DIR (the zip), else from the Python environment that
# tools/setup.sh makes (the wheel). Defines the target `libtorch`.
set(MODEL_SEARCH_CUDA_VERSION "13.0")

# Without nvcc the program measures the CPU only: it is linked with the same LibTorch, whose Python
# package brings CUDA's headers and libraries along.
if(NOT DEFINED MODEL_SEARCH_CUDA OR MODEL_SEARCH_CUDA)
  find_package(CUDAToolkit QUIET)
endif()
if(NOT DEFINED MODEL_SEARCH_CUDA AND NOT CUDAToolkit_FOUND)
  message(STATUS "The CUDA Toolkit was not found (nvcc is not on PATH): building for the CPU only. For a GPU "
    "install version ${MODEL_SEARCH_CUDA_VERSION} from https://developer.nvidia.com/cuda-downloads, then "
    "'export PATH=/usr/local/cuda-${MODEL_SEARCH_CUDA_VERSION}/bin:$PATH'.")
endif()
option(MODEL_SEARCH_CUDA "Build for GPUs, which needs the CUDA Toolkit" ${CUDAToolkit_FOUND})
if(MODEL_SEARCH_CUDA AND NOT CUDAToolkit_FOUND)
  message(FATAL_ERROR "MODEL_SEARCH_CUDA=ON, and the CUDA Toolkit was not found (nvcc is not on PATH). Install "
    "version ${MODEL_SEARCH_CUDA_VERSION} from https://developer.nvidia.com/cuda-downloads, or configure with "
    "-DMODEL_SEARCH_CUDA=OFF.")
endif()
string(REGEX MATCH "^[0-9]+\\.[0-9]+" cuda_version "${CUDAToolkit_VERSION}")
if(MODEL_SEARCH_CUDA AND NOT cuda_version VERSION_EQUAL MODEL_SEARCH_CUDA_VERSION)
  message(FATAL_ERROR "CUDA Toolkit ${cuda_version} was found (${CUDAToolkit_BIN_DIR}); this project "
    "needs ${MODEL_SEARCH_CUDA_VERSION}, the version LibTorch 2.11 is built for. Put it first: "
    "'export PATH=/usr/local/cuda-${MODEL_SEARCH_CUDA_VERSION}/bin:$PATH', or leave CUDA out: "
    "-DMODEL_SEARCH_CUDA=OFF.")
endif()

# The Python that runs the tests and has the wheel: MODEL_SEARCH_PYTHON from the environment or as
# -D, else the one that tools/setup.sh makes. Each configuration asks for its folder, because
# tools/requirements.txt decides it.
if(NOT "$ENV{MODEL_SEARCH_PYTHON}" STREQUAL "")
  set(MODEL_SEARCH_PYTHON "$ENV{MODEL_SEARCH_PYTHON}" CACHE FILEPATH "Python with torch" FORCE)
elseif(NOT MODEL_SEARCH_PYTHON)
  execute_process(COMMAND "${PROJECT_SOURCE_DIR}/tools/setup.sh" --print-python
    OUTPUT_VARIABLE MODEL_SEARCH_PYTHON OUTPUT_STRIP_TRAILING_WHITESPACE)
endif()

# A LibTorch that the user gave (Torch_DIR, or a prefix that holds one) comes before the wheel.
set(torch_config "")
if(Torch_DIR AND NOT Torch_DIR STREQUAL MODEL_SEARCH_WHEEL)
  set(torch_config "${Torch_DIR}")
endif()
cmake_path(CONVERT "$ENV{CMAKE_PREFIX_PATH}" TO_CMAKE_PATH_LIST environment_prefixes)
foreach(prefix IN LISTS CMAKE_PREFIX_PATH environment_prefixes)
  foreach(folder "${prefix}/share/cmake/Torch" "${prefix}/Torch")
    if(NOT torch_config AND EXISTS "${folder}/TorchConfig.cmake")
      set(torch_config "${folder}")
    endif()
  endforeach()
endforeach()

set(wheel "")
if(NOT torch_config)
  execute_process(COMMAND "${MODEL_SEARCH_PYTHON}" -c
    "import importlib.util as u, os; print(os.path.dirname(u.find_spec('torch').origin))"
    OUTPUT_VARIABLE wheel OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
  if(failed)
    message(FATAL_ERROR "LibTorch was not found: the Python '${MODEL_SEARCH_PYTHON}' has no torch. "
      "Run tools/setup.sh, or unpack LibTorch's zip and give -DCMAKE_PREFIX_PATH=/path/to/libtorch.")
  endif()
  string(APPEND wheel "/share/cmake/Torch")
  set(torch_config "${wheel}")
endif()

# Forget what an earlier configuration found in another wheel.
if(MODEL_SEARCH_WHEEL AND NOT MODEL_SEARCH_WHEEL STREQUAL wheel)
  string(REGEX REPLACE "share/cmake/Torch$" "" former "${MODEL_SEARCH_WHEEL}")
  get_cmake_property(names CACHE_VARIABLES)
  foreach(name IN LISTS names)
    string(FIND "$CACHE{${name}}" "${former}" position)
    if(position EQUAL 0 AND NOT name STREQUAL "MODEL_SEARCH_WHEEL")
      unset(${name} CACHE)
    endif()
  endforeach()
endif()
set(MODEL_SEARCH_WHEEL "${wheel}" CACHE INTERNAL "Torch_DIR where the wheel gave it, else empty")
set(Torch_DIR "${torch_config}" CACHE PATH "Folder of TorchConfig.cmake" FORCE)

if(MODEL_SEARCH_CUDA)
  include("${CMAKE_CURRENT_LIST_DIR}/LibTorchCuda.cmake")
else()
  include("${CMAKE_CURRENT_LIST_DIR}/LibTorchCpu.cmake")
endif()
# libtorch.so exports parts of std::filesystem from the compiler it was built with, some of them
# unusable (remove_all() jumps to address 0). The system's libstdc++ must be searched first.
target_link_options(libtorch INTERFACE
  "LINKER:--push-state,--no-as-needed" -lstdc++ "LINKER:--pop-state")
get_filename_component(MODEL_SEARCH_TORCH_FOLDER "${TORCH_INSTALL_PREFIX}" ABSOLUTE)
