# SPDX-License-Identifier: ISC
"""What `tacit --help` says is documented, and the words that people see have no word of the trade."""
import glob
import os
import re
import subprocess
import unittest

from planted import BINARY, SOURCE

TACIT = os.environ.get("TACIT", os.path.join(BINARY, "tacit"))

# Words of cryptography and of programs that a person should never meet on a screen.
TRADE = re.compile(
    r"\b(malicious|abort(ed)?|MAC|AEAD|cipher\w*|protocol|cryptograph\w*|oblivious|garbl\w*|nonce|hash(es)?|"
    r"handshake|payload|exception|invalid state|null pointer|segmentation)\b", re.I)


def said(*arguments):
    done = subprocess.run([TACIT, *arguments], capture_output=True, text=True, timeout=20,
                          stdin=subprocess.DEVNULL)
    return done.stdout + done.stderr


def commands():
    return re.findall(r"^  ([a-z]+) {2,}\S", said("help"), re.M)


def documents():
    text = ""
    for path in [os.path.join(SOURCE, "README.md"), *glob.glob(os.path.join(SOURCE, "docs", "*.md"))]:
        with open(path, encoding="utf-8") as file:
            text += file.read()
    return text


class Words(unittest.TestCase):
    def test_there_are_commands_to_look_at(self):
        self.assertGreaterEqual(len(commands()), 10)

    def test_every_command_and_flag_is_documented(self):
        text = documents()
        for command in commands():
            self.assertRegex(text, r"\btacit " + command + r"\b")
            flags = set(re.findall(r"(--[a-z][a-z-]+)", said(command, "--help"))) - {"--help"}
            for flag in sorted(flags):
                self.assertRegex(text, re.escape(flag) + r"\b", f"tacit {command} {flag} is in no document")

    def test_every_exit_status_is_documented(self):
        text = documents()
        for status in (0, 1, 2, 3, 4, 5, 6, 7, 130, 143):
            self.assertRegex(text, rf"\| *{status} *\|", f"exit status {status} is in no document")

    def test_every_command_has_help_with_examples(self):
        for command in commands():
            if command != "help":
                self.assertIn(f"tacit {command}", said(command, "--help"))

    def test_help_has_no_word_of_the_trade(self):
        for command in ["help", *commands()]:
            if command == "circuit": # for developers
                continue
            found = TRADE.search(said(command, "--help") if command != "help" else said("help"))
            self.assertIsNone(found, f"tacit {command} says {found and found.group(0)}")


if __name__ == "__main__":
    unittest.main()
