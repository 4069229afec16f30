// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The entry of every C++ test program, and what ThreadSanitizer would take for a race because it cannot see into the
// library that orders it.
//
//   libstdc++  counts the owners of an exception: one thread reads it, another lets go of the last std::exception_ptr
//   liburing   maps and unmaps its rings: one of one thread and a later one of another are at the same address
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

// NOLINTBEGIN(readability-identifier-naming): ThreadSanitizer's name
extern "C" const char *__tsan_default_suppressions();
const char *__tsan_default_suppressions() {
  return "race:^std::runtime_error::~runtime_error\n"
         "race:^std::__exception_ptr::exception_ptr::_M_release\n"
         "race:io_uring\n";
}
// NOLINTEND(readability-identifier-naming)
