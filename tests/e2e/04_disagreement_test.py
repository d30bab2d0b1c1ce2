# SPDX-License-Identifier: ISC
"""Two people who do not fit together: the same role, another sheet."""
import two_people
from two_people import TALK

CANDIDATE = ["pay=60000", "days=3", "start=2"]


class Disagreement(two_people.TwoPeople):
    def test_both_in_the_same_role_hear_of_it(self):
        she = self.ask("in-range", CANDIDATE, "--json")
        he = self.answer(she.code(), CANDIDATE, "--json", "--as", "candidate", "--sheet", "in-range")
        self.assert_ended(he, 7, "same-role")
        self.assert_ended(she, 7, "same-role")

    def test_the_same_role_is_seen_without_knowing_the_sheet_before(self):
        she = self.ask("in-range", CANDIDATE, "--json")
        he = self.answer(she.code(), CANDIDATE, "--json", "--as", "candidate")
        self.assert_ended(he, 7, "same-role")
        self.assert_ended(she, 7, "same-role")

    def test_another_sheet_than_expected_ends_it(self):
        she = self.ask("try-again", TALK, "--json")
        he = self.answer(she.code(), CANDIDATE, "--json", "--sheet", "in-range")
        self.assert_ended(he, 7, "other-sheet")
        self.assertEqual(she.end(), 7, she.out)
        self.assertEqual(she.event("ended")["reason"], "other-sheet")

    def test_one_changed_word_is_another_sheet(self):
        text = "title Pizza\nask want: Pizza?\n  yes: Yes\n  no: %s\noutcome pizza: Pizza.\n" \
               "  when both (want is yes)\noutcome other: Something else.\n  otherwise\n"
        hers, his = self.path("hers.tacit", text % "No"), self.path("his.tacit", text % "Nope")
        she = self.ask(hers, ["want=yes"], "--json")
        he = self.answer(she.code(), ["want=yes"], "--json", "--sheet", his)
        self.assert_ended(he, 7, "other-sheet")
        she.end()

    def test_a_role_that_is_none_is_said_before_anything_is_sent(self):
        for role, says in (("boss", "candidate and employer"), ("", "candidate and employer")):
            she = self.ask("in-range", CANDIDATE, "--as", role, relay="http://127.0.0.1:1")
            self.assertEqual(she.end(), 2)
            self.assert_says(she, says)
        she = self.ask("try-again", TALK, "--as", "boss", relay="http://127.0.0.1:1")
        self.assertEqual(she.end(), 2)
        self.assert_says(she, "leave --as out")


if __name__ == "__main__":
    two_people.main()
