# SPDX-License-Identifier: ISC
"""Two processes and a relay: one question, one outcome for both, in text and in JSON."""
import json

import two_people
from two_people import LEAVE, NIGHT, TALK


class MainJob(two_people.TwoPeople):
    def both(self, sheet, hers, his, ask_more=(), answer_more=()):
        she = self.ask(sheet, hers, *ask_more)
        he = self.answer(she.code(), his, *answer_more)
        self.assertEqual((she.end(), he.end()), (0, 0), (she.err, he.err))
        return she, he

    def test_two_who_both_want_to_talk_learn_it(self):
        she, he = self.both("try-again", TALK, TALK)
        for person in (she, he):
            self.assertIn("You would both like to talk about trying again", person.text())
            self.assertEqual(person.errors(), "")

    def test_one_no_is_a_no_for_both_in_the_same_words(self):
        she, he = self.both("try-again", TALK, LEAVE)
        self.assertIn("Leave it for now", she.text())
        self.assertEqual(she.text().split("\n")[3:], he.text().split("\n"))

    def test_it_does_not_show_who_said_no(self):
        first = self.both("try-again", TALK, LEAVE)[0].text().split("\n")[3:]
        second = self.both("try-again", LEAVE, TALK)[0].text().split("\n")[3:]
        self.assertEqual(first, second)

    def test_not_now_is_a_no_like_any_other(self):
        she, he = self.both("try-again", TALK, ["not-now=yes"])
        self.assertIn("Leave it for now", she.text())
        self.assertEqual(she.text().split("\n")[3:], he.text().split("\n"))

    def test_programs_get_one_object_a_line(self):
        she, he = self.both("try-again", TALK, TALK, ["--json"], ["--json"])
        self.assertEqual([event["event"] for event in she.events()], ["code", "paired", "outcome"])
        self.assertEqual([event["event"] for event in he.events()], ["paired", "outcome"])
        code = she.event("code")
        self.assertRegex(code["code"], r"^[0-9]+-[a-z]+-[a-z]+$")
        self.assertEqual(code["link"], f"{self.relay.url}/#{code['code']}")
        for person in (she, he):
            outcome = person.event("outcome")
            self.assertEqual(outcome["id"], "talk")
            self.assertEqual(outcome["reveals"], {})
            self.assertTrue(outcome["headline"].startswith("You would both like to talk"))

    def test_two_roles_answer_their_own_questions(self):
        she, he = self.both("in-range", ["pay=60000", "days=3", "start=2"],
                            ["pay=65000", "days=2", "start=3"], ["--json"], ["--json"])
        self.assertEqual(she.event("outcome")["id"], "worth-talking")
        self.assertEqual(he.event("outcome")["id"], "worth-talking")

    def test_the_asker_may_take_the_second_role(self):
        she, he = self.both("in-range", ["pay=65000", "days=2", "start=3"],
                            ["pay=70000", "days=3", "start=2"],
                            ["--json", "--as", "employer"], ["--json"])
        self.assertEqual(she.event("outcome")["id"], "not-this-time")
        self.assertEqual(he.event("outcome")["id"], "not-this-time")

    def test_the_answerer_may_name_the_role_and_the_sheet(self):
        she, he = self.both("in-range", ["pay=60000", "days=3", "start=2"],
                            ["pay=60000", "days=3", "start=2"], ["--json"],
                            ["--json", "--as", "employer", "--sheet", "in-range"])
        self.assertEqual(he.event("outcome")["id"], "worth-talking")

    def test_answers_come_from_files_and_options_win(self):
        lines = self.path("answers.txt", "\ufeff# mine\r\nchoose = no\r\n\r\nhelp = would\r\n"
                                         "free = yes\r\npress=no\r\n  week  =  same  \r\n")
        she, he = self.both("try-again", ["choose=yes"], TALK, ["--answers", lines, "--json"],
                            ["--json"])
        self.assertEqual(she.event("outcome")["id"], "talk")

    def test_a_sheet_of_ones_own_travels_to_the_other(self):
        sheet = self.path("ours.tacit", "title Pizza tonight\nask want: Pizza tonight?\n"
                                        "  yes: Yes\n  no: No\noutcome pizza: Pizza it is.\n"
                                        "  when both (want is yes)\noutcome other: Something else.\n"
                                        "  otherwise\n")
        she, he = self.both(sheet, ["want=yes"], ["want=yes"], ["--json"], ["--json"])
        self.assertEqual(he.event("outcome")["headline"], "Pizza it is.")

    def test_the_coin_turns_some_yeses_into_a_no_and_both_see_the_same(self):
        seen = set()
        for _ in range(6):
            she, he = self.both("last-night", NIGHT, NIGHT, ["--json"], ["--json"])
            self.assertEqual(she.event("outcome"), he.event("outcome"))
            seen.add(she.event("outcome")["id"])
        self.assertIn("same-way", seen) # six times 1 in 8 in a row: 1 in 262,144
        self.assertLessEqual(seen, {"same-way", "not-tonight"})

    def test_the_link_is_as_good_as_the_code_and_names_the_relay(self):
        she = self.ask("try-again", TALK, "--json")
        link = json.loads(she.line(r'.*"event":"code".*').group(0))["link"]
        he = self.run_tacit("answer", *two_people.answers(TALK), "--json", stdin=link + "\n")
        self.assertEqual((she.end(), he.end()), (0, 0), (she.err, he.err))

    def test_a_code_may_be_typed_in_any_way(self):
        she = self.ask("try-again", TALK)
        he = self.answer("  " + she.code().upper().replace("-", " ") + "  ", TALK)
        self.assertEqual((she.end(), he.end()), (0, 0), (she.err, he.err))


if __name__ == "__main__":
    two_people.main()
