# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Compiles the programs under programs/ with and without the pass plugin, at several levels.
#
#   programs/NAME.cpp --clang 22--> programs/NAME.CONFIG.{plain,traced} and its .opt.yaml, the record of coroutine passes

set(trace_clang "${COROSCOPE_LLVM_PREFIX}/bin/clang++")
set(trace_programs "")

# coroscope_trace_program(NAME CONFIG FLAG… [SOURCES FILE…])
function(coroscope_trace_program name config)
  cmake_parse_arguments(arg "" "" "SOURCES" ${ARGN})
  if(NOT arg_SOURCES)
    set(arg_SOURCES ${name}.cpp)
  endif()
  file(MAKE_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}/programs")
  foreach(variant plain traced)
    set(stem "${CMAKE_CURRENT_BINARY_DIR}/programs/${name}.${config}.${variant}")
    set(plugin "")
    set(recorder "")
    if(variant STREQUAL "traced")
      set(plugin "-fpass-plugin=$<TARGET_FILE:coroscope_instrument>")
      if(NOT name MATCHES "^(no_coroutines|own_recorder)$")
        set(recorder "$<TARGET_FILE:coroscope_trace>")
      endif()
    endif()
    set(objects "")
    foreach(source ${arg_SOURCES})
      set(object "${stem}.${source}.o")
      set(record -fsave-optimization-record "-foptimization-record-file=${stem}.${source}.opt.yaml"
                 "-foptimization-record-passes=coro-split|coro-elide|coro-annotation-elide")
      if(config MATCHES "without_g")
        set(record "") # it would turn on line tables
      endif()
      add_custom_command(OUTPUT "${object}"
        COMMAND "${trace_clang}" -std=c++20 ${arg_UNPARSED_ARGUMENTS} ${plugin} ${record} -c "programs/${source}"
                -o "${object}"
        DEPENDS "programs/${source}" programs/shared_inline.h coroscope_instrument
        WORKING_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" VERBATIM)
      list(APPEND objects "${object}")
    endforeach()
    add_custom_command(OUTPUT "${stem}"
      COMMAND "${trace_clang}" ${arg_UNPARSED_ARGUMENTS} ${objects} ${recorder} -pthread -o "${stem}"
      DEPENDS ${objects} coroscope_trace VERBATIM)
    list(APPEND trace_programs "${stem}")
  endforeach()
  set(trace_programs "${trace_programs}" PARENT_SCOPE)
endfunction()

foreach(level O0 O2)
  foreach(name await_suspend_forms custom_new elidable_await elided exceptions fire_and_forget generator hand_over
               in_await_suspend lambdas_and_templates library_values many_points moments no_coroutines own_recorder
               pointees promise_of_the_caller queue_of_promises rethrow static_lifetime symmetric_transfer
               unhandled_exception_forms values)
    coroscope_trace_program(${name} ${level} -${level} -g)
  endforeach()
  coroscope_trace_program(two_units ${level} -${level} -g SOURCES two_units.cpp two_units_other.cpp)
endforeach()
coroscope_trace_program(ends_badly O2 -O2 -g)
foreach(level O1 O2 O3 Os)
  coroscope_trace_program(elision_threshold ${level} -${level} -g)
endforeach()
foreach(name await_suspend_forms elidable_await exceptions symmetric_transfer)
  coroscope_trace_program(${name} O1 -O1 -g)
  coroscope_trace_program(${name} O2_without_g -O2)
  coroscope_trace_program(${name} O3 -O3 -g)
  coroscope_trace_program(${name} Os -Os -g)
  coroscope_trace_program(${name} O0_sanitized -O0 -g -fsanitize=address,undefined)
  coroscope_trace_program(${name} O2_sanitized -O2 -g -fsanitize=address,undefined)
endforeach()

# A program and a library that it loads: the library with a recorder of its own, and each of the two with and without.
set(library_stem "${CMAKE_CURRENT_BINARY_DIR}/programs/library")
list(JOIN COROSCOPE_TRACE_LINK_FLAGS ";" link_flags)
foreach(variant plain traced)
  set(traced_flags "")
  if(variant STREQUAL "traced")
    set(traced_flags -fpass-plugin=$<TARGET_FILE:coroscope_instrument>)
    set(recorder $<TARGET_FILE:coroscope_trace> ${link_flags})
  endif()
  foreach(name library library_user)
    set(shared "")
    if(name STREQUAL "library")
      set(shared -shared -fPIC)
    endif()
    set(output "${CMAKE_CURRENT_BINARY_DIR}/programs/${name}.${variant}")
    add_custom_command(OUTPUT "${output}"
      COMMAND "${trace_clang}" -std=c++20 -O1 -g ${shared} ${traced_flags} "programs/${name}.cpp" ${recorder} -pthread
              -o "${output}"
      DEPENDS "programs/${name}.cpp" coroscope_instrument coroscope_trace
      WORKING_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" VERBATIM)
    list(APPEND trace_programs "${output}")
  endforeach()
endforeach()

# A program without coroutines that has the recorder, and a library that has none.
foreach(command "library_host.traced;${link_flags}" "library.without_recorder;-shared;-fPIC")
  list(POP_FRONT command output)
  string(REGEX REPLACE "[.].*" "" name "${output}")
  if(name STREQUAL "library_host")
    list(PREPEND command $<TARGET_FILE:coroscope_trace>)
  endif()
  set(output "${CMAKE_CURRENT_BINARY_DIR}/programs/${output}")
  add_custom_command(OUTPUT "${output}"
    COMMAND "${trace_clang}" -std=c++20 -O1 -g -fpass-plugin=$<TARGET_FILE:coroscope_instrument> "programs/${name}.cpp"
            ${command} -pthread -o "${output}"
    DEPENDS "programs/${name}.cpp" coroscope_instrument coroscope_trace
    WORKING_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" VERBATIM)
  list(APPEND trace_programs "${output}")
endforeach()
add_custom_target(trace_programs ALL DEPENDS ${trace_programs})
