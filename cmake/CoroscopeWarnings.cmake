# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# One target carries the warnings and sanitizers that all of our own code is built with.
add_library(coroscope_options INTERFACE)
target_compile_options(coroscope_options INTERFACE -Wall -Wextra -Wconversion
                       -Wno-missing-field-initializers # designated initializers name what differs from the default
                       "-fmacro-prefix-map=${PROJECT_SOURCE_DIR}/=") # no program carries the path it was built in
if(COROSCOPE_WERROR)
  target_compile_options(coroscope_options INTERFACE -Werror)
endif()
if(COROSCOPE_SANITIZE)
  target_compile_options(coroscope_options INTERFACE -fsanitize=${COROSCOPE_SANITIZE} -fno-omit-frame-pointer
                                                     -fno-sanitize-recover=all)
  target_link_options(coroscope_options INTERFACE -fsanitize=${COROSCOPE_SANITIZE})
endif()
