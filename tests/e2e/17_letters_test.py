# SPDX-License-Identifier: ISC
"""Letters: two people who are never there at the same time, with real programs and a real relay; and what a
copied, restored, damaged or missing state leads to."""
import fcntl
import glob
import os
import shutil
import stat
import time

import two_people

SHEET = """title Both
ask want: Would you like to?
  no: No
  yes: Yes
outcome yes: You both would.
  when both (want is yes)
outcome no: Not this time.
  otherwise
"""
LASTS = 25 # seconds, of an asking: five visits fit in on a slow machine


class Letters(two_people.TwoPeople):
    def setUp(self):
        super().setUp()
        self._relay = self.keep(two_people.Relay("--state", self.path("relay.db")))
        self.sheet = self.path("both.tacit", SHEET)
        self.given = {want: self.path(f"{want}.txt", f"want = {want}\n") for want in ("yes", "no")}

    def at(self, who):
        return {"XDG_STATE_HOME": self.path(who), "TACIT_RELAY": self.relay.url}

    def tacit(self, who, *arguments, stdin=""):
        run = self.keep(two_people.Run(*arguments, "--json", stdin=stdin, env=self.at(who)))
        run.status = run.end()
        return run

    def prepare(self, *more):
        she = self.keep(two_people.Run("letters", "new", self.sheet, "--json", *more,
                                         env=self.at("she")))
        code = she.code()
        he = self.tacit("he", "letters", "join", stdin=code + "\n")
        self.assertEqual((she.end(), he.status), (0, 0), she.err + he.err)
        self.assertEqual(she.event("prepared")["left"], he.event("prepared")["left"])

    def stage(self, who):
        run = self.tacit(who, "letters")
        self.assertEqual(run.status, 0, run.err)
        return run.event("letters")["stage"]

    def write(self, who, verb, want, lasts=LASTS):
        more = ("--within", f"{lasts}s") if verb == "ask" else ()
        run = self.tacit(who, verb, "--letter", "--answers", self.given[want], *more)
        self.assertEqual(run.status, 0, run.err)
        return run.event("letters")

    def see(self, who):
        run = self.tacit(who, "letters")
        self.assertEqual(run.status, 0, run.err)
        return run.event("outcome")["id"]

    def files(self, who):
        return [path for path in glob.glob(os.path.join(self.path(who), "tacit", "letters", "*"))
                if not path.endswith(".key")]

    def test_two_who_are_never_there_together_learn_the_outcome(self):
        self.prepare("--count", "1")
        for path in self.files("she"):
            self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
            with open(path, "rb") as file:
                self.assertNotIn(b"Would you like to", file.read())
        self.assertEqual(self.stage("she"), "idle")
        until = self.write("she", "ask", "yes")["until"]
        self.assertEqual(self.stage("he"), "invited")
        self.assertEqual(self.write("he", "answer", "yes")["stage"], "waiting")
        self.assertEqual(self.stage("she"), "given")
        self.assertEqual(self.stage("he"), "given")
        time.sleep(max(0, until / 1000 - time.time() + 1))
        self.assertEqual((self.see("she"), self.see("he")), ("yes", "yes"))
        self.assertEqual(self.files("she") + self.files("he"), []) # all of it is used

    def asked_at_a_terminal(self, who, *arguments):
        one = self.terminal(*arguments, env=self.at(who), rows=60)
        one.expect("By letter: you both see")
        one.type("")
        one.expect("Would you like to")
        one.type("2")
        one.expect("Before you seal")
        one.type("1")
        self.assertEqual(one.end(), 0, one.seen)
        self.assertLessEqual(max(len(line) for line in one.seen.splitlines()), 80)
        return one.seen

    def test_both_are_asked_at_a_terminal(self):
        self.prepare()
        self.assertIn("You have asked.", self.asked_at_a_terminal("she", "ask", "--letter"))
        self.assertIn("Your answers are in", self.asked_at_a_terminal("he", "answer", "--letter"))

    def test_silence_is_the_otherwise_at_that_time(self):
        self.prepare()
        until = self.write("he", "ask", "yes", 5)["until"]
        time.sleep(max(0, until / 1000 - time.time() + 1))
        self.assertEqual(self.see("he"), "no")
        self.assertEqual(self.stage("she"), "idle")

    def test_a_copy_or_an_old_state_is_refused_and_sends_nothing(self):
        self.prepare()
        shutil.copytree(self.path("she"), self.path("backup"))
        self.write("she", "ask", "yes")
        run = self.tacit("backup", "ask", "--letter", "--answers", self.given["no"])
        self.assertEqual(run.status, 6)
        self.assert_says(run, "another copy")
        self.assertEqual(self.files("backup"), [])
        self.assertEqual(self.stage("he"), "invited") # hers stands

    def test_two_programs_at_once_are_not_taken_for_copies(self):
        self.prepare()
        with open(glob.glob(os.path.join(self.path("she"), "tacit", "letters", "*.key"))[0]) as key:
            fcntl.flock(key, fcntl.LOCK_EX) # as a program does while it asks
            for command in (("letters",), ("ask", "--letter", "--answers", self.given["yes"])):
                run = self.tacit("she", *command)
                self.assertEqual(run.status, 1)
                self.assert_says(run, "Another program is at your letters")
        self.assertEqual(self.stage("she"), "idle")

    def test_a_relay_that_began_anew_is_said_and_nothing_is_sent(self):
        self.prepare()
        self.relay.kill()
        self.keep(two_people.Relay("--state", self.path("new.db"), port=self.relay.port))
        run = self.tacit("she", "ask", "--letter", "--answers", self.given["yes"])
        self.assertEqual(run.status, 4)
        self.assert_says(run, "knows nothing of these letters")

    def test_asked_too_soon_is_said_before_any_question(self):
        with open(self.sheet, "a") as file:
            file.write("once every 7 days\n")
        self.prepare()
        until = self.write("she", "ask", "yes", 5)["until"]
        time.sleep(max(0, until / 1000 - time.time() + 1))
        self.assertEqual(self.see("she"), "no")
        she = self.terminal("ask", "--letter", env=self.at("she"))
        she.expect(r"less\s+than\s+7\s+days\s+ago;\s+again\s+from\s+\w+")
        self.assertEqual(she.end(), 7)
        self.assertNotIn("The rule", she.seen)

    def test_damaged_or_foreign_state_is_said(self):
        self.prepare()
        path = self.files("she")[0]
        os.chmod(path, 0o640)
        run = self.tacit("she", "letters")
        self.assertEqual(run.status, 1)
        self.assert_says(run, r"Others on this machine may read.*letters\.key")
        os.chmod(path, 0o600)
        with open(path, "r+b") as file:
            file.seek(200)
            file.write(b"\xff\xff\xff")
        run = self.tacit("she", "letters")
        self.assertEqual(run.status, 1)
        self.assert_says(run, "damaged")

    def test_who_is_to_join_hears_of_the_relay(self):
        she = self.terminal("letters", "new", self.sheet, env=self.at("she"))
        she.expect(r"tacit\s+letters\s+join\s+--relay\s+" + self.relay.url)

    def test_usage_is_said(self):
        self.assertEqual(self.tacit("she", "letters").status, 0)
        run = self.tacit("she", "ask", "--letter", "--answers", self.given["yes"])
        self.assertEqual(run.status, 2)
        self.assert_says(run, "No letters are prepared")
        self.assertEqual(self.tacit("she", "letters", "new").status, 2)
        self.assertEqual(self.tacit("she", "letters", "new", self.sheet, "--count", "9").status, 2)
        self.assertEqual(self.tacit("she", "letters", "deadbeef").status, 2)
        self.prepare()
        run = self.tacit("he", "answer", "--letter", "--answers", self.given["yes"])
        self.assertEqual(run.status, 2)
        self.assert_says(run, "nothing to answer")

    def test_who_came_to_answer_now_is_told(self):
        she = self.keep(two_people.Run("letters", "new", self.sheet, "--json",
                                         env=self.at("she")))
        he = self.tacit("he", "answer", "--answers", self.given["yes"], stdin=she.code() + "\n")
        self.assertEqual(he.status, 7)
        self.assert_says(he, "prepare letters")


if __name__ == "__main__":
    two_people.main()
