# SPDX-License-Identifier: Apache-2.0
# LibTorch with its package, which needs the CUDA Toolkit. Defines the target `libtorch`.

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
