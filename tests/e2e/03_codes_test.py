# SPDX-License-Identifier: ISC
"""Codes: wrong, unknown, mistyped, used up, overheard; and a room that is full."""
import os
import signal
import time

import two_people
from two_people import TALK, Stranger, answers, other_code


class Codes(two_people.TwoPeople):
    def test_a_wrong_code_ends_it_for_both_with_status_7(self):
        she = self.ask("try-again", TALK, "--json")
        he = self.answer(other_code(she.code()), TALK, "--json")
        self.assert_ended(she, 7, "wrong-code")
        self.assert_ended(he, 7, "wrong-code")

    def test_an_unknown_code_is_said_to_be_one(self):
        he = self.answer("4321-acorn-acorn", TALK, "--json")
        self.assert_ended(he, 7, "unknown-code")

    def test_a_used_code_is_over(self):
        she = self.ask("try-again", TALK)
        code = she.code()
        self.assertEqual(self.answer(code, TALK).end(), 0)
        self.assertEqual(she.end(), 0)
        self.assert_ended(self.answer(code, TALK, "--json"), 7, "unknown-code")

    def test_a_mistyped_word_gets_a_suggestion_and_nothing_is_sent(self):
        he = self.answer("7-acorm-acorn", TALK, "--json", relay="http://127.0.0.1:1")
        self.assertEqual(he.end(), 2)
        self.assert_says(he, "acorm", "acorn", "Nothing was revealed")
        self.assertEqual(he.event("ended")["reason"], "code-typo")

    def test_what_is_no_code_is_said_to_be_none(self):
        for typed in ("7", "lantern-harbor", "7-acorn", "7-acorn-acorn-acorn", "-", "\x1b[31m", "7-" + "a" * 5000):
            he = self.answer(typed, TALK, relay="http://127.0.0.1:1")
            self.assertEqual(he.end(), 2, typed)
            self.assertNotIn("\x1b", he.errors())

    def test_a_missing_code_is_said_to_be_missing(self):
        he = self.run_tacit("answer", *answers(TALK), stdin="")
        self.assertEqual(he.end(), 2)
        self.assert_says(he, "code is missing")

    def test_a_room_with_two_in_it_is_full(self):
        she = self.ask("try-again", TALK)
        code = she.code()
        self.keep(Stranger(self.relay.port, code.split("-")[0]))
        self.assert_ended(self.answer(code, TALK, "--json"), 7, "room-full")

    def test_somebody_who_comes_and_goes_without_a_guess_costs_nothing(self):
        she = self.ask("try-again", TALK)
        code = she.code()
        for _ in range(3):
            stranger = Stranger(self.relay.port, code.split("-")[0])
            stranger.kill()
            time.sleep(0.2)
        he = self.answer(code, TALK)
        self.assertEqual((she.end(), he.end()), (0, 0), (she.err, he.err))

    def test_a_stranger_who_sends_rubbish_costs_nothing_either(self):
        she = self.ask("try-again", TALK)
        code = she.code()
        for rubbish in (b"\3", b"\3\0", b"\3" + b"\0" * 8500, b"\3" + os.urandom(9000), b"\3" + b"\xff" * 60):
            stranger = Stranger(self.relay.port, code.split("-")[0])
            stranger.say(rubbish)
            time.sleep(0.2)
            stranger.kill()
            time.sleep(0.1)
        he = self.answer(code, TALK)
        self.assertEqual((she.end(), he.end()), (0, 0), (she.err, he.err))

    def test_other_people_on_the_machine_do_not_see_the_code_nor_the_answers(self):
        she = self.ask("try-again", TALK)
        code = she.code()
        self.keep(Stranger(self.relay.port, code.split("-")[0])) # so that it stays up
        he = self.terminal("answer", "--relay", self.relay.url, code)
        she_shown = self.command_line(she.process.pid)
        self.assertNotIn("would", she_shown)
        self.assertIn("try-again", she_shown)
        he.end()
        she.signal(signal.SIGINT)
        she.end()

        she = self.ask("try-again", TALK)
        he = self.terminal("answer", "--relay", self.relay.url, she.code())
        he.expect("The rule")
        he_shown = self.command_line(he.process.pid)
        self.assertIn("answer", he_shown)
        for word in she.code().split("-")[1:]:
            self.assertNotIn(word, he_shown)

    @staticmethod
    def command_line(process):
        with open(f"/proc/{process}/cmdline", "rb") as file:
            return file.read().decode()

    def guess_wrong(self, wrong):
        """Her key may have been pressed before the relay heard that the seat is free again."""
        for _ in range(40):
            he = self.answer(wrong, TALK, "--json")
            he.end()
            if he.event("ended")["reason"] != "room-full":
                break
            time.sleep(0.25)
        self.assert_ended(he, 7, "wrong-code")

    def test_three_wrong_guesses_end_a_code_on_both_devices(self):
        """She waits again, by a key, twice; the third wrong guess ends it.  His device counts too."""
        she = self.terminal("ask", "try-again", "--relay", self.relay.url)
        code = she.expect(r"\n +([0-9]+-[a-z]+-[a-z]+)\n").group(1)
        wrong = other_code(code)
        for left in ("2 tries left", "1 try left"):
            self.guess_wrong(wrong)
            she.expect(left)
            she.type("1")
            she.expect("Enter to go on")
        self.guess_wrong(wrong)
        self.assertEqual(she.end(), 7)
        self.assertEqual(she.seen.count("not with this code"), 3)
        # A fourth never leaves his device: this address has no relay behind it.
        fourth = self.answer(wrong, TALK, "--json", relay="http://127.0.0.1:1")
        self.assert_ended(fourth, 7, "code-spent")
        # After a day it is forgotten; and a damaged file counts nothing.
        tries = os.path.join(self.folder, "state", "tacit", "tries")
        with open(tries, encoding="ascii") as file:
            salt, entry = file.read().splitlines()
        digest, count, seconds = entry.split()
        self.assertEqual(count, "3")
        for text in (f"{salt}\n{digest} 3 {int(seconds) - 90000}\n", f"{salt}\n{digest} 3\n", "\0\xff\n",
                     "salt 00\n", ""):
            with open(tries, "w", encoding="latin-1") as file:
                file.write(text)
            self.assertEqual(self.answer(wrong, TALK, relay="http://127.0.0.1:1").end(), 4, text)
        with open(tries, "w", encoding="ascii") as file:
            file.write(f"{salt}\n{digest} 3 {seconds}\n")
        self.assertEqual(self.answer(wrong, TALK, relay="http://127.0.0.1:1").end(), 7)
        # Another device, or another code, is not concerned.
        other = {"XDG_STATE_HOME": os.path.join(self.folder, "another")}
        self.assert_ended(self.answer(wrong, TALK, "--json", env=other), 7, "unknown-code")

    def test_after_a_wrong_guess_the_right_person_can_still_come(self):
        she = self.terminal("ask", "try-again", "--relay", self.relay.url)
        code = she.expect(r"\n +([0-9]+-[a-z]+-[a-z]+)\n").group(1)
        self.assertEqual(self.answer(other_code(code), TALK).end(), 7)
        she.expect("2 tries left")
        # Until she waits again, nobody else can come, and it is said why.
        early = self.answer(code, TALK)
        self.assertEqual(early.end(), 7)
        self.assert_says(early, "first choose to wait again")
        she.type("1")
        she.expect("Enter to go on")
        time.sleep(0.5) # her wish has to reach the relay
        he = self.answer(code, TALK)
        she.type("")
        she.expect("Enter to go on")
        she.type("")
        for _ in range(5):
            she.expect("A number from")
            she.type("1")
        she.expect("Before you seal")
        she.type("1")
        she.expect("You would both like to talk")
        self.assertEqual((she.end(), he.end()), (0, 0))

    def test_a_line_dropped_after_the_guess_counts_as_one(self):
        """The count is written before the guess leaves, and only a valid answer strikes it off."""
        she = self.ask("try-again", TALK, "--timeout", "30s")
        code = she.code()
        he = self.answer(other_code(code), TALK)
        he.end()
        tries = os.path.join(self.folder, "state", "tacit", "tries")
        self.assertEqual(os.stat(tries).st_mode & 0o777, 0o600)
        with open(tries, encoding="ascii") as file:
            lines = file.read().splitlines()
        self.assertEqual(len(lines), 2)
        self.assertRegex(lines[1], r"^[0-9a-f]{32} 1 [0-9]+$")
        self.assertNotIn(code.split("-")[1], "".join(lines))

    def test_a_count_that_cannot_be_kept_does_not_stop_people(self):
        blocked = self.path("blocked", "a file where a folder should be")
        she = self.ask("try-again", TALK)
        he = self.answer(she.code(), TALK, env={"XDG_STATE_HOME": os.path.join(blocked, "x")})
        self.assertEqual((she.end(), he.end()), (0, 0), (she.err, he.err))


if __name__ == "__main__":
    two_people.main()
