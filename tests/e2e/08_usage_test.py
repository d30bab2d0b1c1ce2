# SPDX-License-Identifier: ISC
"""Help, options that do not exist, and output that cannot be written."""
import os
import subprocess

import two_people
from two_people import TACIT, TALK

COMMANDS = ("ask", "answer", "try", "show", "check", "list", "new", "serve", "circuit", "version")


class Usage(two_people.TwoPeople):
    def test_every_command_has_help_with_examples(self):
        for command in COMMANDS:
            for words in ((command, "--help"), ("help", command)):
                run = self.run_tacit(*words)
                self.assertEqual(run.end(), 0, command)
                self.assertIn(f"tacit {command}", run.text())
                self.assertRegex(run.text(), "Examples?:")
                self.assertEqual(run.errors(), "")
                for line in run.text().split("\n"):
                    if not line.startswith("  tacit "): # an example, to be copied whole
                        self.assertLessEqual(len(line), 80, command)

    def test_the_help_page_names_every_command_and_status(self):
        for words in (("help",), ("--help",)):
            text = self.run_tacit(*words).text()
            for word in (*COMMANDS, "130", "143"):
                self.assertIn(word, text)
        self.assertEqual(self.run_tacit().end(), 2)

    def test_what_does_not_exist_gets_a_suggestion(self):
        for words, says in ((("aks",), "tacit ask"), (("ask", "x", "--relya", "y"), "--relay"),
                            (("answer", "--jsno"), "--json"), (("help", "shwo"), "tacit show"),
                            (("list", "--jso"), "--json")):
            run = self.run_tacit(*words)
            self.assertEqual(run.end(), 2)
            self.assert_says(run, says)

    def test_wrong_words_are_status_2(self):
        for words in (("ask",), ("ask", "a", "b"), ("show",), ("check",), ("list", "x"), ("version", "x"),
                      ("ask", "last-night", "--timeout"), ("ask", "last-night", "--json=yes"),
                      ("try", "last-night", "-x"), ("answer", "--items", "x"), ("nonsense",),
                      ("serve", "--listen", "nowhere"), ("serve", "--cert", "x"),
                      ("ask", "last-night", "--as", "x", "--as", "y"), ("ask", "--\x1b[2J", "x")):
            run = self.run_tacit(*words)
            self.assertEqual(run.end(), 2, words)
            self.assertNotIn("\x1b", run.errors())
            self.assertTrue(run.errors())

    def test_the_version(self):
        run, = self.run_tacit("version", "--json").events()
        self.assertRegex(run["version"], r"^[0-9]+\.[0-9]+\.[0-9]+$")
        self.assertIn(run["version"], self.run_tacit("version").text())

    @staticmethod
    def into(command, path):
        with open(path, "w", encoding="utf-8") as out:
            done = subprocess.run([TACIT, *command], stdout=out, stderr=subprocess.PIPE, text=True,
                                  timeout=two_people.PATIENCE, check=False)
        return done

    def test_a_full_disk_is_a_failure(self):
        if not os.path.exists("/dev/full"):
            self.skipTest("no /dev/full here")
        for command in (("show", "last-night"), ("list",), ("list", "--json"), ("version",), ("help",)):
            done = self.into(command, "/dev/full")
            self.assertEqual(done.returncode, 1, command)
            self.assertIn("could not be written", done.stderr)

    def test_a_reader_who_has_gone_ends_it(self):
        for command in (["show", "last-night"], ["help"]):
            reading, writing = os.pipe()
            os.close(reading)
            done = subprocess.run([TACIT, *command], stdout=writing, stderr=subprocess.PIPE, text=True,
                                  timeout=two_people.PATIENCE, check=False)
            os.close(writing)
            self.assertEqual(done.returncode, 1)
            self.assertEqual(done.stderr, "")

    def test_a_meeting_whose_output_is_lost_ends_for_both(self):
        if not os.path.exists("/dev/full"):
            self.skipTest("no /dev/full here")
        done = self.into(["ask", "try-again", "--relay", self.relay.url, "--json",
                          *two_people.answers(TALK)], "/dev/full")
        self.assertEqual(done.returncode, 1)
        self.assertIn("Nothing was revealed", done.stderr.replace("\n       ", " "))

    def test_practice_by_script(self):
        good, bad = self.path("a", "\n".join(TALK)), self.path("b", "not-now = yes\n")
        both = self.run_tacit("try", "try-again", "--first", good, "--second", bad, "--json")
        self.assertEqual(both.end(), 0, both.err)
        events = both.events()
        for person in (1, 2):
            mine = [event for event in events if event["person"] == person]
            self.assertEqual([event["event"] for event in mine], ["paired", "outcome"])
            self.assertEqual(mine[-1]["id"], "leave-it")


if __name__ == "__main__":
    two_people.main()
