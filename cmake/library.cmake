# SPDX-License-Identifier: ISC
#
# What other programs link: libtacit, shared and static, with `tacit_` names and nothing else, and the
# files by which pkg-config and CMake find it.  The core's own names are hidden (-fvisibility=hidden);
# include/tacit/tacit.h makes its own visible.

include(GNUInstallDirs)
set(LIBRARY_FOLDER ${CMAKE_BINARY_DIR}/lib)

# Shared: names carry the version in which they came (cmake/tacit.map).
add_library(tacit_shared SHARED $<TARGET_OBJECTS:tacit_core>)
target_link_libraries(tacit_shared PRIVATE PkgConfig::SODIUM)
target_link_options(tacit_shared PRIVATE
  -Wl,--version-script=${CMAKE_SOURCE_DIR}/cmake/tacit.map -Wl,-z,defs -Wl,-z,relro -Wl,-z,now)
set_target_properties(tacit_shared PROPERTIES
  OUTPUT_NAME tacit VERSION ${PROJECT_VERSION} SOVERSION 0
  LIBRARY_OUTPUT_DIRECTORY ${LIBRARY_FOLDER}
  LINK_DEPENDS ${CMAKE_SOURCE_DIR}/cmake/tacit.map)

# Static: all objects made one, in which hidden names have become local.
add_custom_command(
  OUTPUT ${LIBRARY_FOLDER}/libtacit.a
  COMMAND ${CMAKE_COMMAND} -E make_directory ${LIBRARY_FOLDER}
  COMMAND ${CMAKE_LINKER} -r -o ${LIBRARY_FOLDER}/tacit.o $<TARGET_OBJECTS:tacit_core>
  COMMAND ${CMAKE_OBJCOPY} --localize-hidden ${LIBRARY_FOLDER}/tacit.o
  COMMAND ${CMAKE_COMMAND} -E rm -f ${LIBRARY_FOLDER}/libtacit.a
  COMMAND ${CMAKE_AR} rcs ${LIBRARY_FOLDER}/libtacit.a ${LIBRARY_FOLDER}/tacit.o
  DEPENDS tacit_core $<TARGET_OBJECTS:tacit_core>
  COMMAND_EXPAND_LISTS VERBATIM)
add_custom_target(tacit_static ALL DEPENDS ${LIBRARY_FOLDER}/libtacit.a)

file(RELATIVE_PATH LIBRARY_TO_PREFIX /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
configure_file(cmake/tacit.pc.in ${CMAKE_BINARY_DIR}/tacit.pc @ONLY)
include(CMakePackageConfigHelpers)
configure_package_config_file(cmake/tacit-config.cmake.in ${CMAKE_BINARY_DIR}/tacit-config.cmake
  INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/tacit
  PATH_VARS CMAKE_INSTALL_INCLUDEDIR CMAKE_INSTALL_LIBDIR)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/tacit-config-version.cmake
  COMPATIBILITY SameMinorVersion)

install(TARGETS tacit_shared LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(FILES ${LIBRARY_FOLDER}/libtacit.a DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/tacit DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES ${CMAKE_BINARY_DIR}/tacit.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
install(FILES ${CMAKE_BINARY_DIR}/tacit-config.cmake ${CMAKE_BINARY_DIR}/tacit-config-version.cmake
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/tacit)
