# SPDX-License-Identifier: ISC
"""The kernels on AArch64: their unit tests, built by a cross compiler and run under emulation.

The tests are those of every other machine (tests/unit, tests/property), with a small cmocka of our own
(tests/cross/cmocka.h), since no library of that machine is here.  Nothing is timed: an emulator's time
says nothing.
"""
import os
import shutil
import subprocess
import tempfile
import unittest

from planted import SOURCE

CC, RUN = "aarch64-linux-gnu-gcc", "qemu-aarch64"
KERNELS = ("aes aes_arm aes_portable aes_x86 aes_vaes gf128 gf128_arm gf128_portable gf128_x86 "
           "gf128_vpclmul curve curve_portable curve_ifma curve_avx2").split()
SUPPORT = ("kat random_circuit field_51_exact field_51_ifma field_51_wide field_25_exact "
           "field_25_plain").split()
TESTS = {  # and what it must have said at least
    "unit/crypto_aes_test.c": "ok every_backend_gives_the_known_answers",
    "unit/crypto_gf128_test.c": "ok ",
    "property/crypto_field_test.c": "ok limbs_at_random",
    "cross/backends.c": "aes aarch64, gf128 pmull, curve portable",
}


def in_tree(*parts):
    return os.path.join(SOURCE, *parts)


@unittest.skipUnless(shutil.which(CC) and shutil.which(RUN),
                     f"{CC} or {RUN} is missing; tools/setup test installs both on Debian")
class AArch64(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        sources = [in_tree("src/crypto", f"{name}.c") for name in KERNELS]
        sources += [in_tree("src/base", f"{name}.c") for name in ("base", "mask")]
        sources += [in_tree("src/circuit", f"{name}.c") for name in ("circuit", "builder", "builder_finish")]
        sources += [in_tree("tests/support", f"{name}.c") for name in SUPPORT]
        cls.flags = ["-std=c17", "-O2", "-Wall", "-Wextra", "-Werror", "-D_POSIX_C_SOURCE=200809L",
                     f'-DTACIT_SOURCE_DIR="{SOURCE}"', "-iquote", in_tree("src"), "-I", in_tree("tests/cross"),
                     "-I", in_tree("tests")]
        cls.objects = [os.path.join(cls.folder.name, f"{i}.o") for i in range(len(sources))]
        for source, made in zip(sources, cls.objects):
            subprocess.run([CC, *cls.flags, "-c", source, "-o", made], check=True)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_kernels_pass_their_tests(self):
        for source, says in TESTS.items():
            with self.subTest(source):
                program = os.path.join(self.folder.name, "program")
                subprocess.run([CC, *self.flags, "-static", in_tree("tests", source), *self.objects, "-o", program],
                               check=True)
                done = subprocess.run([RUN, program], stdout=subprocess.PIPE, text=True, check=False)
                self.assertEqual(done.returncode, 0, done.stdout)
                self.assertIn(says, done.stdout)


if __name__ == "__main__":
    unittest.main()
