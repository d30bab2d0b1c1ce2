# SPDX-License-Identifier: ISC
"""What other programs link: after `cmake --install` a program finds libtacit by pkg-config and by CMake,
shared and static; the examples build against it alone and do what they say; and it shows the names of
tests/golden/symbols.txt, which are those of tacit.h, and no other."""
import os
import re
import shutil
import subprocess
import tempfile
import unittest

SOURCE = os.environ["TACIT_SOURCE_DIR"]
BINARY = os.environ["TACIT_BINARY_DIR"]
EXAMPLES = os.path.join(SOURCE, "examples")
TONIGHT = os.path.join(EXAMPLES, "tonight.tacit")
WARNINGS = "-std=c17 -D_POSIX_C_SOURCE=200809L -Wall -Wextra -Wpedantic -Wconversion -Werror".split()

# Example, arguments, what it prints.
SAYS = [
    ("embed", ["1", "1"], "person 0 learns: both agree\nperson 1 learns: both agree\n"),
    ("embed", ["1", "0"], "person 0 learns: not both\nperson 1 learns: not both\n"),
    ("own_circuit", ["1200", "900"], "the first is ahead or level, by 300\n"),
    ("own_circuit", ["1", "900"], "the second is ahead\n"),
    ("bristol_file", [os.path.join(EXAMPLES, "circuits", "adder64.txt"), "0x2a", "ff"],
     "0000000000000129\n"),
    ("socketpair", ["1", "1"], "person 0 learns: 1\n"),
    ("socketpair", ["0", "1"], "person 1 learns: 0\n"),
    ("sheet", [TONIGHT, "evening=film", "evening=either"], "person 1 sees: A film at home.\n"),
    ("own_transport", [TONIGHT, "evening=walk", "evening=either"],
     "the asker sees: A long walk.\n"),
    ("own_transport", [TONIGHT, "evening=walk", "evening=film"],
     "the answerer sees: Something else tonight.\n"),
]

CMAKE_PROJECT = """
cmake_minimum_required(VERSION 3.25)
project(user LANGUAGES C)
set(CMAKE_C_STANDARD 17)
find_package(tacit 0.1 REQUIRED)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
add_executable(with_shared %(source)s)
target_link_libraries(with_shared PRIVATE tacit::tacit PkgConfig::SODIUM)
add_executable(with_static %(source)s)
target_link_libraries(with_static PRIVATE tacit::static)
"""


def run(*command, env=None, cwd=None):
    done = subprocess.run(command, capture_output=True, text=True, env=env, cwd=cwd, timeout=100)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout


def names(*nm):
    lines = run("nm", "--defined-only", *nm).splitlines()
    return sorted({line.split()[-1].split("@")[0] for line in lines
                   if len(line.split()) == 3 and line.split()[1] not in "Aa"})


class Library(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp()
        cls.prefix = os.path.join(cls.folder, "prefix")
        run("cmake", "--install", BINARY, "--prefix", cls.prefix)
        found = [path for path, _, files in os.walk(cls.prefix) if "tacit.pc" in files]
        cls.lib = os.path.dirname(found[0])
        cls.env = dict(os.environ, LD_LIBRARY_PATH=cls.lib, PKG_CONFIG_PATH=found[0])

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def pkg_config(self, *options):
        return run("pkg-config", *options, "tacit", "libsodium", env=self.env).split()

    def test_the_examples_build_against_what_is_installed_and_do_what_they_say(self):
        for name in sorted({example for example, _, _ in SAYS}):
            run("cc", *WARNINGS, os.path.join(EXAMPLES, name + ".c"), "-o",
                os.path.join(self.folder, name), *self.pkg_config("--cflags", "--libs"))
        for name, arguments, said in SAYS:
            with self.subTest(name=name, arguments=arguments):
                out = run(os.path.join(self.folder, name), *arguments, env=self.env)
                self.assertIn(said, out)

    def test_every_example_is_tried(self):
        there = {name[:-2] for name in os.listdir(EXAMPLES) if name.endswith(".c")}
        self.assertEqual(there, {example for example, _, _ in SAYS})

    def test_the_static_library_needs_nothing_of_ours_at_run_time(self):
        program = os.path.join(self.folder, "static")
        flags = [flag for flag in self.pkg_config("--cflags", "--libs") if flag != "-ltacit"]
        run("cc", *WARNINGS, os.path.join(EXAMPLES, "socketpair.c"), "-o", program,
            os.path.join(self.lib, "libtacit.a"), *flags)
        self.assertNotIn("libtacit", run("ldd", program))
        self.assertIn("person 0 learns: 1", run(program, "1", "1"))

    def test_a_cmake_project_finds_both(self):
        project = os.path.join(self.folder, "project")
        os.mkdir(project)
        with open(os.path.join(project, "CMakeLists.txt"), "w", encoding="utf-8") as file:
            file.write(CMAKE_PROJECT % {"source": os.path.join(EXAMPLES, "socketpair.c")})
        env = dict(self.env, CMAKE_PREFIX_PATH=self.prefix)
        run("cmake", "-S", project, "-B", project + "/build", "-G", "Ninja", env=env)
        run("cmake", "--build", project + "/build", env=env)
        for program in ("with_shared", "with_static"):
            out = run(os.path.join(project, "build", program), "1", "1", env=self.env)
            self.assertIn("person 1 learns: 1", out)

    def golden(self):
        with open(os.path.join(SOURCE, "tests", "golden", "symbols.txt"), encoding="utf-8") as file:
            return file.read().split()

    def test_the_shared_library_shows_the_golden_names_with_their_version(self):
        library = os.path.join(self.lib, "libtacit.so")
        self.assertEqual(names("-D", library), self.golden())
        versions = re.findall(r" T tacit_\w+@@(\S+)", run("nm", "-D", library))
        self.assertEqual(set(versions), {"TACIT_0.1"})
        self.assertEqual(len(versions), len(self.golden()))

    def test_the_static_library_shows_the_golden_names(self):
        self.assertEqual(names("-g", os.path.join(self.lib, "libtacit.a")), self.golden())

    def test_the_golden_names_are_the_functions_of_the_header(self):
        with open(os.path.join(SOURCE, "include", "tacit", "tacit.h"), encoding="utf-8") as file:
            text = re.sub(r"/\*.*?\*/", "", file.read(), flags=re.S)
        # At the beginning of a line stands a type, never a space: declarations, not arguments.
        declared = re.findall(r"^\w[\w \*]*?\b(tacit_\w+)\(", text, flags=re.M)
        self.assertEqual(sorted(declared), self.golden(),
                         "a function has come or gone: write it into tests/golden/symbols.txt")


if __name__ == "__main__":
    unittest.main()
