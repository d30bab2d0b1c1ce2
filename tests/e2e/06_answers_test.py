# SPDX-License-Identifier: ISC
"""Answers in scripts: missing, unknown, out of range, twice; all found before anything is sent.

Nothing listens at port 1: a program that gets as far as the relay ends with 4, and not with 2."""
import two_people
from two_people import TALK

NOWHERE = "http://127.0.0.1:1"
CANDIDATE = ["pay=60000", "days=3", "start=2"]


class Answers(two_people.TwoPeople):
    def refused(self, sheet, given, *says, more=()):
        she = self.ask(sheet, given, *more, relay=NOWHERE)
        self.assertEqual(she.end(), 2, she.err)
        self.assert_says(she, *says, "Nothing was revealed")
        self.assertEqual(she.text(), "")
        self.assertNotIn("\x1b", she.errors())

    def test_a_whole_sheet_of_answers_gets_as_far_as_the_relay(self):
        self.assertEqual(self.ask("try-again", TALK, relay=NOWHERE).end(), 4)

    def test_a_missing_answer(self):
        self.refused("try-again", TALK[:4], "week")
        self.refused("in-range", CANDIDATE[1:], "pay")

    def test_no_answers_at_all(self):
        she = self.run_tacit("ask", "try-again", "--relay", NOWHERE)
        self.assertEqual(she.end(), 2)
        self.assert_says(she, "choose")

    def test_an_answer_that_is_none_of_the_options(self):
        self.refused("try-again", ["choose=yess", *TALK[1:]], "yess", "yes")

    def test_a_question_that_there_is_not(self):
        self.refused("try-again", [*TALK, "wek=same"], "wek", "week")

    def test_a_number_out_of_range_or_between_the_steps(self):
        for pay in ("600000", "-1", "60001", "6e4", "sixty", "99999999999999999999999", "60,0,0"):
            self.refused("in-range", [f"pay={pay}", *CANDIDATE[1:]], "pay")

    def test_the_other_roles_question(self):
        self.refused("in-range", CANDIDATE[:2] + ["fewest=3"], "fewest")

    def test_what_is_no_answer_at_all(self):
        self.refused("try-again", [*TALK, "choose"], "QUESTION=ANSWER")
        self.refused("try-again", [*TALK, "\x1b[2J=\x1b[2J"], r"x1b\[2J")

    def test_an_answer_given_twice(self):
        self.refused("try-again", [*TALK, "choose=no"], "choose is answered twice")

    def test_a_file_with_a_wrong_line_is_named_with_its_line(self):
        for text, says in (("choose = yes\nhelp\n", r"a\.txt:2"), ("choose = nix\n", r"a\.txt:1"),
                           ("choose=yes\nchoose=yes\n", r"a\.txt:2"), (b"\0\1\2", "no file of answers"),
                           (b"choose = \xff\n", r"a\.txt:1"), ("x" * 300000, "no file of answers")):
            self.refused("try-again", [], says, more=["--answers", self.path("a.txt", text)])
        self.refused("try-again", [], "cannot be read", more=["--answers", self.path("none.txt")])

    def test_the_answerers_are_looked_at_before_too_when_the_sheet_is_known(self):
        he = self.answer("7-acorn-acorn", TALK[:2], "--sheet", "try-again", "--json", relay=NOWHERE)
        self.assertEqual(he.end(), 2)
        self.assertEqual(he.event("ended")["reason"], "answer")

    def test_and_else_when_the_sheet_comes(self):
        she = self.ask("try-again", TALK, "--json", "--within", "4s")
        he = self.answer(she.code(), TALK[:2], "--json")
        self.assert_ended(he, 2, "answer")
        self.assert_says(he, "free|press|week")
        self.assertEqual(she.end(), 0)
        self.assertEqual(she.event("outcome")["id"], "leave-it")

    def test_not_now_needs_no_other_answer(self):
        self.assertEqual(self.ask("try-again", ["not-now=yes"], relay=NOWHERE).end(), 4)

    def test_practice_looks_at_both(self):
        good, bad = self.path("good", "\n".join(TALK)), self.path("bad", "choose = maybe\n")
        for first, second in ((good, bad), (bad, good)):
            both = self.run_tacit("try", "try-again", "--first", first, "--second", second, "--json")
            self.assertEqual(both.end(), 2)
            self.assert_says(both, "bad:1", "maybe")
            self.assertEqual(both.event("ended")["reason"], "answer")
        both = self.run_tacit("try", "try-again", "--first", good)
        self.assertEqual(both.end(), 2)


if __name__ == "__main__":
    two_people.main()
