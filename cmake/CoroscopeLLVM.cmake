# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Finds LLVM and Clang 22, and only those: the analyzer reads what that version's passes build.
set(COROSCOPE_LLVM_PREFIX "/usr/lib/llvm-22" CACHE PATH "Where LLVM and Clang 22 are installed")
find_package(LLVM 22 CONFIG REQUIRED PATHS "${COROSCOPE_LLVM_PREFIX}" NO_DEFAULT_PATH)
find_package(Clang CONFIG REQUIRED PATHS "${COROSCOPE_LLVM_PREFIX}" NO_DEFAULT_PATH)

add_library(coroscope_llvm INTERFACE)
target_include_directories(coroscope_llvm SYSTEM INTERFACE ${LLVM_INCLUDE_DIRS})
target_link_libraries(coroscope_llvm INTERFACE LLVM)
target_compile_options(coroscope_llvm INTERFACE -fno-rtti)

add_library(coroscope_clang INTERFACE)
target_link_libraries(coroscope_clang INTERFACE coroscope_llvm clang-cpp)
