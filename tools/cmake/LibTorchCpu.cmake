# SPDX-License-Identifier: Apache-2.0
# LibTorch without the CUDA Toolkit: its package refuses to be found then, so that its libraries are named
# here. Sources include CUDA's headers for types and calls that a program without a GPU never reaches; they
# and the libraries come with the Python package. Defines the targets `libtorch` and `CUDA::cublasLt`.
cmake_path(GET torch_config PARENT_PATH torch_share)
cmake_path(GET torch_share PARENT_PATH torch_share)
cmake_path(GET torch_share PARENT_PATH TORCH_INSTALL_PREFIX)
set(cuda_package "${TORCH_INSTALL_PREFIX}/../nvidia/cu13")
find_path(MODEL_SEARCH_CUDA_HEADERS cuda_runtime_api.h
  HINTS "${cuda_package}/include" NO_DEFAULT_PATH)
if(NOT MODEL_SEARCH_CUDA_HEADERS)
  message(FATAL_ERROR "cuda_runtime_api.h was not found in ${cuda_package}/include: a build without the CUDA "
    "Toolkit takes CUDA's headers from the Python packages that torch's CUDA wheel brings along. Run "
    "tools/setup.sh --cpu.")
endif()
set(CUDAToolkit_INCLUDE_DIRS "${MODEL_SEARCH_CUDA_HEADERS}")

add_library(libtorch INTERFACE)
target_include_directories(libtorch SYSTEM INTERFACE "${TORCH_INSTALL_PREFIX}/include"
  "${TORCH_INSTALL_PREFIX}/include/torch/csrc/api/include" "${MODEL_SEARCH_CUDA_HEADERS}")
foreach(library torch torch_cpu torch_cuda c10 c10_cuda)
  target_link_libraries(libtorch INTERFACE "${TORCH_INSTALL_PREFIX}/lib/lib${library}.so")
endforeach()
file(GLOB cuda_runtime "${cuda_package}/lib/libcudart.so.*")
target_link_libraries(libtorch INTERFACE ${cuda_runtime})
target_link_options(libtorch INTERFACE "LINKER:-rpath,${TORCH_INSTALL_PREFIX}/lib"
  "LINKER:-rpath,${cuda_package}/lib" "LINKER:-rpath-link,${cuda_package}/lib"
  "LINKER:--allow-shlib-undefined")

file(GLOB cublas "${cuda_package}/lib/libcublasLt.so.*")
if(NOT TARGET CUDA::cublasLt)
  add_library(CUDA::cublasLt INTERFACE IMPORTED)
  target_link_libraries(CUDA::cublasLt INTERFACE ${cublas})
endif()
