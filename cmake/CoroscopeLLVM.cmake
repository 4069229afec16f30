# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Finds LLVM and Clang 22, and only those: the analyzer reads what that version's passes build.
set(COROSCOPE_LLVM_PREFIX "/usr/lib/llvm-22" CACHE PATH "Where LLVM and Clang 22 are installed")
# No version here: LLVM's own version file takes "22" for 22.0 and refuses 22.1.
find_package(LLVM CONFIG REQUIRED PATHS "${COROSCOPE_LLVM_PREFIX}" NO_DEFAULT_PATH)
if(NOT LLVM_VERSION_MAJOR EQUAL 22)
  message(FATAL_ERROR "LLVM 22 is needed; ${COROSCOPE_LLVM_PREFIX} has ${LLVM_PACKAGE_VERSION}. "
                      "Set COROSCOPE_LLVM_PREFIX to where LLVM and Clang 22 are.")
endif()
find_package(Clang CONFIG REQUIRED PATHS "${COROSCOPE_LLVM_PREFIX}" NO_DEFAULT_PATH)

add_library(coroscope_llvm INTERFACE)
target_include_directories(coroscope_llvm SYSTEM INTERFACE ${LLVM_INCLUDE_DIRS})
target_link_libraries(coroscope_llvm INTERFACE LLVM)
target_compile_options(coroscope_llvm INTERFACE -fno-rtti)

add_library(coroscope_clang INTERFACE)
target_link_libraries(coroscope_clang INTERFACE coroscope_llvm clang-cpp)
