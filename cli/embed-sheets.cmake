# SPDX-License-Identifier: ISC
# cmake -D SHEETS=folder -D OUTPUT=file.c -P embed-sheets.cmake
#
# Writes the sheets that ship into a C file, so that the installed program needs no other file.
file(GLOB sheets ${SHEETS}/*.tacit)
list(SORT sheets)
set(bodies "")
set(rows "")
set(count 0)
foreach(sheet ${sheets})
  get_filename_component(name ${sheet} NAME_WE)
  file(READ ${sheet} hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  # Rows of sixteen, for people who look into it.
  string(REGEX REPLACE "((0x[0-9a-f][0-9a-f],)(0x[0-9a-f][0-9a-f],)(0x[0-9a-f][0-9a-f],)(0x[0-9a-f][0-9a-f],)(0x[0-9a-f][0-9a-f],)(0x[0-9a-f][0-9a-f],)(0x[0-9a-f][0-9a-f],)(0x[0-9a-f][0-9a-f],))"
         "\\1\n    " bytes "${bytes}")
  string(APPEND bodies "static const unsigned char sheet_${count}[] = {\n    ${bytes}0x00};\n")
  string(APPEND rows "    {\"${name}\", sheet_${count}, sizeof sheet_${count} - 1},\n")
  math(EXPR count "${count} + 1")
endforeach()
file(WRITE ${OUTPUT}.new "/* Made by cli/embed-sheets.cmake from sheets/; not for editing. */
#include \"cli/sheet_files.h\"

${bodies}
const tct_builtin_sheet tct_builtin_sheets[] = {
${rows}    {NULL, NULL, 0},
};
const size_t tct_builtin_sheet_count = ${count};
")
file(RENAME ${OUTPUT}.new ${OUTPUT})
