# SPDX-License-Identifier: ISC
"""tools/check-pure reports what does not belong above the sans-I/O line, in sources and in the built
library, and finds nothing of the kind here."""
import os
import subprocess
import tempfile
import unittest

from planted import BINARY, SOURCE, Planted


def archive_of(folder, source):
    """A library of one C file."""
    path = os.path.join(folder, "one")
    with open(path + ".c", "w", encoding="utf-8") as file:
        file.write(source)
    subprocess.run(["cc", "-c", path + ".c", "-o", path + ".o"], check=True)
    subprocess.run(["ar", "rc", path + ".a", path + ".o"], check=True)
    return path + ".a"


class Pure(Planted):
    tool = "check-pure"

    def test_the_tree_and_the_built_core_are_pure(self):
        self.holds_here(os.path.join(BINARY, "libtacit.a"))

    def test_a_sound_tree_passes(self):
        self.passes({})

    def test_what_reaches_outside_is_reported(self):
        for line, expected in (
                ("#include <sys/socket.h>", "<sys/socket.h> does not belong"),
                ("#include <pthread.h>", "<pthread.h> does not belong"),
                ("#include <time.h>", "<time.h> does not belong"),
                ("void *p = malloc(3);", "malloc() does not belong"),
                ("int x = printf(\"hi\");", "printf() does not belong"),
                ("int x = clock_gettime(0, 0);", "clock_gettime() does not belong"),
                ("int x = fopen (a, b);", "fopen() does not belong"),
                ("int x = randombytes_buf(a, 3);", "randombytes_buf() does not belong")):
            self.reports({"src/ot/reaches.c": "int y;\n" + line + "\n"},
                         "src/ot/reaches.c:2: " + expected)

    def test_words_in_comments_and_strings_are_fine(self):
        self.passes({"src/ot/words.c": '/* malloc(3) */ const char *s = "free(x)"; // open(y)\n'})

    def test_a_member_with_such_a_name_is_fine(self):
        self.passes({"src/ot/member.c": "int x = machine->send(3) + backend.open(4);\n"})

    def test_below_the_line_it_is_allowed(self):
        self.passes({"relay/socket.c": "#include <sys/socket.h>\nvoid *p = malloc(3);\n"})

    def test_what_hides_behind_a_macro_is_seen_in_the_built_library(self):
        with tempfile.TemporaryDirectory() as folder:
            archive = archive_of(folder, "#include <stdlib.h>\n#define HIDE(x) mal##x\n"
                                         "void *tct_f(void);\nvoid *tct_f(void){return HIDE(loc)(3);}\n")
            status, said = self.check(SOURCE, archive)
        self.assertEqual(status, 1)
        self.assertIn("needs malloc from outside", said)

    def test_a_name_without_our_prefix_is_reported(self):
        with tempfile.TemporaryDirectory() as folder:
            status, said = self.check(SOURCE, archive_of(folder, "int helper(void){return 1;}\n"))
        self.assertEqual(status, 1)
        self.assertIn("gives helper", said)


if __name__ == "__main__":
    unittest.main()
