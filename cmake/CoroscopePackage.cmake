# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# What an installed copy has besides the targets' own files: the package that find_package(coroscope) reads, which gives
# coroscope::runtime and coroscope::trace and asks for no LLVM, and the documents.
include(CMakePackageConfigHelpers)
set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/coroscope")

install(EXPORT coroscopeTargets NAMESPACE coroscope:: DESTINATION "${package_dir}")
# find_package takes the build tree too; its libraries may have been built with sanitizers, which coroscope_options says.
set(packaged coroscope_runtime coroscope_trace coroscope_traced coroscope_options)
if(TARGET coroscope_runtime_traced)
  list(APPEND packaged coroscope_runtime_traced)
endif()
export(TARGETS ${packaged} NAMESPACE coroscope:: FILE "${PROJECT_BINARY_DIR}/coroscopeTargets.cmake")
configure_package_config_file("${CMAKE_CURRENT_LIST_DIR}/coroscopeConfig.cmake.in"
                              "${PROJECT_BINARY_DIR}/coroscopeConfig.cmake" INSTALL_DESTINATION "${package_dir}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/coroscopeConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/coroscopeConfig.cmake" "${PROJECT_BINARY_DIR}/coroscopeConfigVersion.cmake"
        DESTINATION "${package_dir}")

install(DIRECTORY docs/ DESTINATION "${CMAKE_INSTALL_DOCDIR}" FILES_MATCHING PATTERN "*.md" PATTERN "*.png")
install(FILES LICENSE README.md DESTINATION "${CMAKE_INSTALL_DOCDIR}" OPTIONAL)
