# SPDX-License-Identifier: Apache-2.0
# merge_sources(TARGET): compiles the target's files eight at a time, because LibTorch's headers cost
# several seconds a file: the first build takes half as long. These files share an unnamed namespace
# then, so the names in it must differ.
function(merge_sources target)
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 8)
endfunction()
