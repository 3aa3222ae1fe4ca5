# SPDX-License-Identifier: Apache-2.0
# LibTorch: from CMAKE_PREFIX_PATH or Torch_DIR (the zip), else from the Python environment that
# tools/setup.sh makes (the wheel). Defines the target `libtorch`.
set(MODEL_SEARCH_CUDA_VERSION "13.0")

find_package(CUDAToolkit QUIET)
if(NOT CUDAToolkit_FOUND)
  message(FATAL_ERROR "The CUDA Toolkit was not found (nvcc is not on PATH). Install version "
    "${MODEL_SEARCH_CUDA_VERSION} from https://developer.nvidia.com/cuda-downloads, "
    "then 'export PATH=/usr/local/cuda-${MODEL_SEARCH_CUDA_VERSION}/bin:$PATH'.")
endif()
string(REGEX MATCH "^[0-9]+\\.[0-9]+" cuda_version "${CUDAToolkit_VERSION}")
if(NOT cuda_version VERSION_EQUAL MODEL_SEARCH_CUDA_VERSION)
  message(FATAL_ERROR "CUDA Toolkit ${cuda_version} was found (${CUDAToolkit_BIN_DIR}); this project "
    "needs ${MODEL_SEARCH_CUDA_VERSION}, the version LibTorch 2.11 is built for. Put it first: "
    "'export PATH=/usr/local/cuda-${MODEL_SEARCH_CUDA_VERSION}/bin:$PATH'.")
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

# A machine without a GPU cannot detect an architecture. Ours and later ones (from PTX) for our own
# kernels.
if(NOT DEFINED TORCH_CUDA_ARCH_LIST AND NOT DEFINED ENV{TORCH_CUDA_ARCH_LIST})
  set(TORCH_CUDA_ARCH_LIST "8.0;8.6;8.9;9.0+PTX" CACHE STRING "GPU architectures to compile for")
endif()
set(CMAKE_CUDA_STANDARD 17)
# The static runtime would be a second copy next to the shared one that LibTorch loads.
set(CMAKE_CUDA_RUNTIME_LIBRARY Shared)
# Enabling CUDA sets a default architecture, of which Torch's package then warns that it ignores it.
if(NOT CMAKE_CUDA_COMPILER AND "$ENV{CUDACXX}" STREQUAL "")
  set(CMAKE_CUDA_COMPILER "${CUDAToolkit_NVCC_EXECUTABLE}") # CMake finds it also where it is not on PATH.
endif()
enable_language(CUDA)
unset(CMAKE_CUDA_ARCHITECTURES CACHE)
unset(CMAKE_CUDA_ARCHITECTURES)
find_package(Torch 2.11 REQUIRED)

add_library(libtorch INTERFACE)

# Load the CUDA runtime that LibTorch was built with, not the toolkit's: two of them in one process
# would each have a context of their own. The wheel has it in a package next to torch, under the
# toolkit's name: searching there first is enough. The zip has it in its lib folder under a name of
# its own, so that file itself is linked.
file(GLOB wheel_runtime "${TORCH_INSTALL_PREFIX}/../nvidia/cu13/lib/libcudart.so.13")
file(GLOB zip_runtime "${TORCH_INSTALL_PREFIX}/lib/libcudart*.so.13*")
if(zip_runtime)
  list(GET zip_runtime 0 cuda_runtime)
  set_target_properties(CUDA::cudart PROPERTIES IMPORTED_LOCATION "${cuda_runtime}")
elseif(wheel_runtime)
  get_filename_component(cuda_runtime "${wheel_runtime}" REALPATH)
  get_filename_component(cuda_runtime_folder "${cuda_runtime}" DIRECTORY)
  target_link_options(libtorch INTERFACE "LINKER:-rpath,${cuda_runtime_folder}")
endif()

target_link_libraries(libtorch INTERFACE ${TORCH_LIBRARIES})
# libtorch.so exports parts of std::filesystem from the compiler it was built with, some of them
# unusable (remove_all() jumps to address 0). The system's libstdc++ must be searched first.
target_link_options(libtorch INTERFACE
  "LINKER:--push-state,--no-as-needed" -lstdc++ "LINKER:--pop-state")
get_filename_component(MODEL_SEARCH_TORCH_FOLDER "${TORCH_INSTALL_PREFIX}" ABSOLUTE)
