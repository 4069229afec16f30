// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The entry of every C++ test program.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

/// ThreadSanitizer cannot see how libstdc++ counts the owners of an exception, since that library is not instrumented:
/// it takes for a race what one thread reads of an exception before another lets go of the last std::exception_ptr.
extern "C" const char *__tsan_default_suppressions();
extern "C" const char *__tsan_default_suppressions() {
  return "race:^std::runtime_error::~runtime_error\n"
         "race:^std::__exception_ptr::exception_ptr::_M_release\n";
}
