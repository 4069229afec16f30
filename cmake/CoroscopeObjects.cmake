# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# The object files of a static library, copied out of it.

# coroscope_objects_of(ARCHIVE RESULT): paths in the build tree, each ending in .o whatever the archive calls it.
function(coroscope_objects_of archive result)
  get_filename_component(name "${archive}" NAME_WE)
  set(folder "${CMAKE_CURRENT_BINARY_DIR}/${name}")
  file(REMOVE_RECURSE "${folder}")
  file(MAKE_DIRECTORY "${folder}")
  execute_process(COMMAND "${CMAKE_AR}" x "${archive}" WORKING_DIRECTORY "${folder}" COMMAND_ERROR_IS_FATAL ANY)
  file(GLOB members RELATIVE "${folder}" "${folder}/*")
  set(objects "")
  foreach(member ${members})
    get_filename_component(stem "${member}" NAME_WE)
    file(RENAME "${folder}/${member}" "${folder}/${name}_${stem}.o")
    list(APPEND objects "${folder}/${name}_${stem}.o")
  endforeach()
  set(${result} "${objects}" PARENT_SCOPE)
endfunction()
