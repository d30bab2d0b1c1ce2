# SPDX-License-Identifier: ISC
#
# Manual pages, made from the programs' own --help and from docs/man (tools/man), where scdoc is there.

find_program(SCDOC scdoc)
find_program(MAN_PYTHON python3)
if(SCDOC AND MAN_PYTHON)
  set(MAN_FOLDER ${CMAKE_BINARY_DIR}/man)
  add_custom_command(
    OUTPUT ${MAN_FOLDER}/tacit.1
    COMMAND ${CMAKE_SOURCE_DIR}/tools/man $<TARGET_FILE:tacit_cli> $<TARGET_FILE:tacit_relay_main>
            ${MAN_FOLDER}
    DEPENDS tacit_cli tacit_relay_main tools/man docs/man/tacit.3.scd
    VERBATIM)
  add_custom_target(man ALL DEPENDS ${MAN_FOLDER}/tacit.1)
  install(DIRECTORY ${MAN_FOLDER}/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 FILES_MATCHING PATTERN "*.1")
  install(DIRECTORY ${MAN_FOLDER}/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man3 FILES_MATCHING PATTERN "*.3")
endif()
