# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Runs PROGRAM with ARGUMENTS and compares its standard output with the file EXPECTED; with COROSCOPE_UPDATE=1 in the
# environment, rewrites the file.
execute_process(COMMAND "${PROGRAM}" ${ARGUMENTS} OUTPUT_VARIABLE output RESULT_VARIABLE code)
if(NOT code EQUAL 0)
  message(FATAL_ERROR "${PROGRAM} ended with ${code}")
endif()
if("$ENV{COROSCOPE_UPDATE}" STREQUAL "1")
  file(WRITE "${EXPECTED}" "${output}")
endif()
file(READ "${EXPECTED}" expected)
if(NOT output STREQUAL expected)
  message(FATAL_ERROR "${PROGRAM} wrote\n${output}\nin place of ${EXPECTED}:\n${expected}")
endif()
