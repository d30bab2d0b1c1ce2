# SPDX-License-Identifier: ISC
"""Sheets made to cost: each is read or refused in little memory, by a program that ends by itself.

A sheet may come from a stranger.  Memory is what the kernel says of the ended process; a limit on
processor time stands in for "it never ends".
"""
import os
import resource
import subprocess
import tempfile
import unittest

TACIT = os.environ.get("TACIT", "build/normal/tacit")
MEGABYTES_MAX = 100
END = "outcome other: Else\n  otherwise\n"


def lists(count, items):
    return "".join(f"list l{i}\n" + "".join(f"  i{k}: I\n" for k in range(items)) for i in range(count))


def numbers(count, most):
    return "title T\npeople one, two\n" + "".join(f"ask a{i}: A?\n  number 0 to {most}\n" for i in range(count))


def rule(text):
    return f"outcome k: K\n  when {text}\n" + END


def joined(between, count, make):
    return between.join(make(i) for i in range(count))


SHEETS = {
    "lists in lists": "title T\n" + lists(8, 64) + "ask each l0 q: Q?\n  yes or no\n" +
                      rule(" ".join(f"any of l{i} where" for i in range(8)) + " both (q is yes)"),
    "three lists crossed": "title T\n" + lists(3, 64) +
                           "".join(f"ask each l{i} q{i}: Q?\n  yes or no\n" for i in range(3)) +
                           rule("any of l0 where any of l1 where any of l2 where "
                                "both (q0 is yes and q1 is yes and q2 is yes)"),
    "a long sum": numbers(60, 1000000) + rule(joined("+", 8000, lambda i: f"one.a{i % 60}") + " > 5"),
    "many comparisons": numbers(60, 1000000) + rule(joined(" and ", 3000, lambda i: f"one.a{i % 60}>{i}")),
    "a wide smallest": numbers(60, 1000000) +
                       rule("min(" + joined(",", 3000, lambda i: f"one.a{i % 60}+two.a{i * 7 % 60}") + ")>5"),
    "divisions": numbers(60, 1000000) +
                 rule(joined(" + ", 700, lambda i: f"(one.a{i % 60}*two.a{i * 7 % 60})/(one.a{i * 11 % 60}+1) "
                             "rounded down") + ">5"),
    "tables": numbers(60, 8000) +
              rule(joined(" and ", 60, lambda i: "min(" + joined("+", 20, lambda j: f"max(one.a{i},{j})") +
                          f",50000) > two.a{i}")),
    "parentheses": numbers(1, 9) + rule("(" * 60000),
    "nots": numbers(1, 9) + rule("not " * 15000 + "both (a0>3)"),
    "fairest splits": "title T\n" + lists(8, 10) +
                      "".join(f"ask p{i}: P?\n  points 1000000 over l{i}\n" for i in range(8)) +
                      "".join(f"outcome k{j}: K\n  when same (p0 for i{j % 10})\n" +
                              "".join(f"  reveal r{i}: fairest split of l{i + j % 4} by p{i + j % 4}\n"
                                      for i in range(4)) for j in range(15)) + END,
    "rankings": "title T\n" + lists(8, 64) + "".join(f"ask r{i}: R?\n  ranking of l{i % 8}\n" for i in range(32)) +
                "outcome k: K\n  when same (r0 for i1)\n" +
                "".join(f"  reveal c{i}: best compromise of l{i} by r{i}\n" for i in range(4)) + END,
    "lots": "title T\n" + lists(1, 64) + "ask each l0 q: Q?\n  yes or no\nask n: N?\n  number 1 to 64\n" +
            "".join(f"outcome k{j}: K\n  when same (n) and any of l0 where both (q is yes) and sum (n) > {j}\n" +
                    "".join(f"  reveal r{i}: l0 where both (q is yes), at most min (n) by lot\n"
                            for i in range(4)) for j in range(15)) + END,
    "limits against each other": "title T\n" + lists(1, 64) + "".join(
        f"ask each l0 q{i}: Q?\n" + "".join(f"  o{k}: O\n" for k in range(8)) +
        "  at least 16 of them o1, o2, o3\n  at least 16 of them o3, o4, o5\n  at most 16 of them o1, o5, o6\n"
        "  at least 47 of them o6, o4\n" for i in range(32)) + rule("any of l0 where both (q0 is o1)"),
    "wrong at every line": "title T\n" + "x\n" * 32000,
    "wrong names": numbers(1, 9) + rule(joined(" and ", 3200, lambda i: f"one.zz{i}>{i}")),
    "a text of one line": "title " + "a" * 65000,
    "letters of three bytes": "title T\nabout " + "\u66f8" * 21000,
    "nothing but NUL": "\0" * 65000,
    "ends in the middle": numbers(30, 9) + "outcome k: K\n  when both (a0 is one of",
}


class Hostile(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        with open(TACIT, "rb") as program: # a sanitizer keeps what was freed
            self.megabytes = 1000 if b"__asan_init" in program.read() else MEGABYTES_MAX

    def read(self, text):
        """(exit status, what was said, megabytes) of showing a sheet."""
        path = os.path.join(self.folder, "it.tacit")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        with tempfile.TemporaryFile() as said:
            process = subprocess.Popen(
                [TACIT, "show", path, "--json"], stdin=subprocess.DEVNULL, stdout=said, stderr=said,
                preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (60, 60)))
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            said.seek(0)
            return process.returncode, said.read(), used.ru_maxrss / 1024

    def test_each_is_read_or_refused_and_little_is_taken(self):
        statuses = []
        for name, text in SHEETS.items():
            with self.subTest(name):
                self.assertLessEqual(len(text.encode()), 66000)
                status, said, megabytes = self.read(text)
                self.assertIn(status, (0, 3))
                statuses.append(status)
                self.assertNotIn(b"\0", said)
                self.assertLess(megabytes, self.megabytes)
                if status == 3:
                    self.assertRegex(said.decode(), r"it\.tacit:\d+:\d+: error: ")
                    self.assertLess(len(said), 70000)
        self.assertGreater(statuses.count(3), 8) # some are refused, and some are not
        self.assertGreater(statuses.count(0), 2)


if __name__ == "__main__":
    unittest.main()
