# SPDX-License-Identifier: ISC
"""The manual: a page for every command and for the library, with every option that --help knows, and laid
out without a complaint."""
import os
import re
import subprocess
import unittest

BINARY = os.environ["TACIT_BINARY_DIR"]
MAN = os.path.join(BINARY, "man")


def said(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True,
                          stdin=subprocess.DEVNULL).stdout


def page(name):
    with open(os.path.join(MAN, name), encoding="utf-8") as file:
        text = file.read()
    return re.sub(r"\\&|\\f[RBI]", "", text)


class Manual(unittest.TestCase):
    def commands(self):
        found = re.findall(r"^  ([a-z]+) {2,}\S", said(os.path.join(BINARY, "tacit"), "help"), re.M)
        self.assertIn("ask", found)
        return found

    def test_every_command_has_a_page_with_each_of_its_options(self):
        for name in self.commands():
            self.assertIn(f"tacit {name}", page("tacit.1"))
            if name in ("help", "version"):
                continue
            text = page(f"tacit-{name}.1")
            help_text = said(os.path.join(BINARY, "tacit"), name, "--help")
            for option in re.findall(r"^  (--[a-z-]+)", help_text, re.M):
                self.assertIn(f"\n{option}", text, f"tacit {name}")

    def test_the_relay_has_a_page_with_each_of_its_options(self):
        help_text = said(os.path.join(BINARY, "tacit-relay"), "--help")
        options = re.findall(r"^  (--[a-z-]+)", help_text, re.M)
        self.assertIn("--listen", options)
        for option in options:
            self.assertIn(f"\n{option}", page("tacit-relay.1"))

    def test_the_librarys_page_names_only_what_the_header_has(self):
        with open(os.path.join(os.environ["TACIT_SOURCE_DIR"], "include/tacit/tacit.h"),
                  encoding="utf-8") as file:
            header = file.read()
        named = set(re.findall(r"\b(tacit_\w+)", page("tacit.3")))
        self.assertGreater(len(named), 10)
        for name in named:
            self.assertIn(name, header)

    def test_examples_stand_as_they_are_typed(self):
        self.assertIn("\ntacit ask last-night\n", page("tacit-ask.1"))


if __name__ == "__main__":
    unittest.main()
