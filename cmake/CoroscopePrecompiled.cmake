# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# coroscope_precompile_headers(TARGET HEADER…): as target_precompile_headers(TARGET PRIVATE …), but made anew where the
# list of headers changes: CMake gives the file that it writes the list to an old time, so that ninja sees no change.
function(coroscope_precompile_headers target)
  target_precompile_headers(${target} PRIVATE ${ARGN})
  set_property(SOURCE "${CMAKE_CURRENT_BINARY_DIR}/CMakeFiles/${target}.dir/cmake_pch.hxx.cxx"
               APPEND PROPERTY OBJECT_DEPENDS "${CMAKE_CURRENT_LIST_FILE}")
endfunction()
