# SPDX-License-Identifier: Apache-2.0
# Writes the header with the revision that results record, where it changes. Runs at each build:
#   cmake -DSOURCE=FOLDER -DHEADER=FILE -P WriteRevision.cmake
execute_process(COMMAND git describe --always --dirty --abbrev=12 WORKING_DIRECTORY "${SOURCE}"
  OUTPUT_VARIABLE revision OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(NOT revision)
  set(revision "unknown")
endif()
set(text "// Made by WriteRevision.cmake.\n#pragma once\n\n")
string(APPEND text "#define MODEL_SEARCH_GIT_REVISION \"${revision}\"\n")
set(known "")
if(EXISTS "${HEADER}")
  file(READ "${HEADER}" known)
endif()
if(NOT text STREQUAL known)
  file(WRITE "${HEADER}" "${text}")
endif()
