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

if(NOT Torch_DIR AND NOT CMAKE_PREFIX_PATH MATCHES "torch")
  if(NOT MODEL_SEARCH_PYTHON)
    if(DEFINED ENV{MODEL_SEARCH_PYTHON})
      set(MODEL_SEARCH_PYTHON "$ENV{MODEL_SEARCH_PYTHON}")
    else()
      execute_process(COMMAND "${PROJECT_SOURCE_DIR}/tools/setup.sh" --print-python
        OUTPUT_VARIABLE MODEL_SEARCH_PYTHON OUTPUT_STRIP_TRAILING_WHITESPACE)
    endif()
  endif()
  set(MODEL_SEARCH_PYTHON "${MODEL_SEARCH_PYTHON}" CACHE FILEPATH "Python with torch installed")
  execute_process(COMMAND "${MODEL_SEARCH_PYTHON}" -c
    "import importlib.util as u, os; print(os.path.dirname(u.find_spec('torch').origin))"
    OUTPUT_VARIABLE torch_folder OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
  if(failed)
    message(FATAL_ERROR "LibTorch was not found: the Python '${MODEL_SEARCH_PYTHON}' has no torch. "
      "Run tools/setup.sh, or unpack LibTorch's zip and give -DCMAKE_PREFIX_PATH=/path/to/libtorch.")
  endif()
  list(APPEND CMAKE_PREFIX_PATH "${torch_folder}/share/cmake")
endif()

# A machine without a GPU cannot detect an architecture; no kernel of ours depends on the list.
if(NOT DEFINED TORCH_CUDA_ARCH_LIST AND NOT DEFINED ENV{TORCH_CUDA_ARCH_LIST})
  set(TORCH_CUDA_ARCH_LIST "8.0;8.6;8.9;9.0" CACHE STRING "GPU architectures to compile for")
endif()
set(CMAKE_CUDA_STANDARD 17)
# The static runtime would be a second copy beside the shared one that LibTorch loads.
set(CMAKE_CUDA_RUNTIME_LIBRARY Shared)
find_package(Torch 2.11 REQUIRED)

add_library(libtorch INTERFACE)

# Load the CUDA runtime that LibTorch was built with, not the toolkit's: two of them in one process
# would each have a context of their own. The wheel has it in a package beside torch, under the
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
