# SPDX-License-Identifier: ISC
"""Silence is an answer, and sleeping on it: real programs, a real relay, and hours of half a second."""
import glob
import os
import signal
import stat
import time

import two_people
from lying import Changed, DAY_MS, NOW, clock
from two_people import LEAVE, TALK

SHORT = os.environ.get("TACIT_SHORT_HOURS", "") # the same program with short hours; tests only
SLEEPY = """title Both
sleep on it 2 hours
ask want: Would you like to?
  no: No
  yes: Yes
outcome yes: You both would.
  when both (want is yes)
outcome no: Not this time.
  otherwise
"""


class Silence(two_people.TwoPeople):
    def met(self, *more):
        """He asks in a program, she answers at a terminal; both know that the two have met."""
        he = self.ask("try-again", TALK, "--json", *more)
        she = self.terminal("answer", "--relay", self.relay.url, he.code())
        she.expect("The rule")
        he.line("paired")
        return she, he

    def assert_otherwise(self, run):
        self.assertEqual(run.end(), 0, run.out + run.err)
        self.assertEqual(run.event("outcome")["id"], "leave-it")
        self.assertEqual(run.err, [])

    def test_leaving_is_a_not_now_and_nothing_tells_it_from_one(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            she, he = self.met()
            she.process.send_signal(number)
            self.assertEqual(she.end(), 128 + number)
            self.assertIn("not now", " ".join(she.seen.split()))
            self.assert_otherwise(he)

    def test_a_device_that_dies_is_a_silence_until_the_agreed_time(self):
        started = time.monotonic()
        she, he = self.met("--within", "8s")
        she.process.kill()
        self.assert_otherwise(he)
        self.assertGreater(time.monotonic() - started, 4)

    def test_nobody_answers_and_both_see_the_same_at_the_agreed_time(self):
        she = self.ask("try-again", TALK, "--json", "--within", "4s")
        he = self.terminal("answer", "--relay", self.relay.url, she.code())
        he.expect("The rule")
        he.expect("Good to know")
        self.assert_otherwise(she)
        he.expect("Leave it for now.")
        he.type("")
        self.assertEqual(he.end(), 0)

    def test_both_are_told_the_rule_before_they_answer(self):
        she, _ = self.met("--within", "5s")
        she.expect(r"(?s)Within\s+1\s+minute.*at\s+the\s+same\s+moment,\s+or\s+neither\s+does")

    def test_who_leaves_after_sealing_takes_it_back(self):
        _, she = self.met("--within", "8s")
        time.sleep(1)
        she.signal(signal.SIGINT)
        self.assertEqual(she.end(), 130)
        self.assertIn("took your answers back", " ".join("".join(she.err).split()))


class Sleeping(two_people.TwoPeople):
    def setUp(self):
        super().setUp()
        if not SHORT:
            self.skipTest("no program with short hours here")
        self.homes = [self.path(f"home{i}") for i in range(2)]
        for home in self.homes:
            os.mkdir(home)
        self.sheet = self.path("both.tacit")
        with open(self.sheet, "w", encoding="utf-8") as file:
            file.write(SLEEPY)

    def tacit(self, who, *arguments):
        return self.keep(two_people.Run(*arguments, program=SHORT,
                                        env={"XDG_STATE_HOME": self.homes[who]}))

    def files(self, who):
        return [one for one in glob.glob(f"{self.homes[who]}/tacit/sleep/*") if not one.endswith(".key")]

    def evening(self, more=(), wire=None):
        """Both would like to, and go to sleep.  wire: the second one's way to the relay."""
        she = self.tacit(0, "ask", self.sheet, "--answer", "want=yes", "--json", "--within", "3s",
                         "--relay", self.relay.url, *more)
        he = self.tacit(1, "answer", "--answer", "want=yes", "--json", "--relay",
                        (wire or self.relay).url, she.code())
        nights = [run.event("asleep") for run in (she, he)]
        self.assertEqual((she.end(), he.end()), (0, 0), she.err + he.err)
        self.assertEqual(nights[0]["opens"], nights[1]["opens"])
        self.assertEqual(nights[0]["closes"], nights[1]["closes"])
        return nights[0]

    def wait_until(self, ms):
        time.sleep(max(0.0, ms / 1000 - time.time()) + 0.3)

    def test_both_confirm_and_both_learn(self):
        night = self.evening()
        for who in range(2):
            self.assertEqual(len(self.files(who)), 1)
            self.assertEqual(stat.S_IMODE(os.stat(self.files(who)[0]).st_mode), 0o600)
            self.assertEqual(self.tacit(who, "confirm").end(), 2) # too early
        self.assertIn("Both", self.tacit(0, "pending").text())
        self.wait_until(night["opens"])
        for who in range(2):
            run = self.tacit(who, "confirm", "--json")
            self.assertEqual(run.end(), 0, run.err)
            run.event("confirmed")
        self.assert_says(self.tacit(0, "withdraw"), "cannot be taken back")
        self.wait_until(night["closes"])
        for who in range(2):
            run = self.tacit(who, "confirm")
            self.assertEqual(run.end(), 0, run.err)
            self.assertIn("You both would.", run.text())
            self.assertEqual(self.files(who), [])

    def test_the_night_survives_a_restart_of_the_relay(self):
        state = self.path("relay.db")
        self._relay = self.keep(two_people.Relay("--state", state))
        port = self.relay.port
        night = self.evening()
        self.relay.process.signal(signal.SIGKILL)
        self.relay.process.end()
        self.assertEqual(self.tacit(0, "confirm").end(), 4) # it cannot be reached: nothing is lost
        self._relay = self.keep(two_people.Relay("--state", state, port=port))
        self.wait_until(night["opens"])
        self.tacit(0, "confirm", "--json").event("confirmed")
        self.relay.process.signal(signal.SIGKILL)
        self.relay.process.end()
        self._relay = self.keep(two_people.Relay("--state", state, port=port))
        self.tacit(1, "confirm", "--json").event("confirmed")
        self.wait_until(night["closes"])
        for who in range(2):
            self.assertIn("You both would.", self.tacit(who, "confirm").text())

    def test_a_night_is_longer_than_a_relay_waits_for_a_lost_line(self):
        """Both go without a goodbye; what they asked to be kept is kept."""
        self._relay = self.keep(two_people.Relay("--away", "1"))
        night = self.evening()
        time.sleep(2.5) # both seats are given up by now
        self.wait_until(night["opens"])
        for who in range(2):
            self.tacit(who, "confirm", "--json").event("confirmed")
        self.wait_until(night["closes"])
        for who in range(2):
            self.assertIn("You both would.", self.tacit(who, "confirm").text())

    def test_a_relay_that_hands_over_something_else_in_the_morning(self):
        wire = self.keep(Changed(self.relay.port, lambda told: told[:6] + bytes([told[6] ^ 1]) + told[7:]))
        night = self.evening(wire=wire)
        self.wait_until(night["opens"])
        for who in range(2):
            self.tacit(who, "confirm", "--json").event("confirmed")
        self.wait_until(night["closes"])
        run = self.tacit(1, "confirm")
        self.assertEqual(run.end(), 6)
        self.assertIn("not what was left with it", run.errors())
        (kept,) = glob.glob(f"{self.homes[1]}/tacit/evidence/*.txt")
        self.assertIn(kept, run.errors())
        self.assertIn("You both would.", self.tacit(0, "confirm").text())

    def test_a_program_that_is_killed_in_the_morning_goes_on_where_it_was(self):
        night = self.evening()
        self.wait_until(night["opens"])
        for delay in (0.0, 0.02, 0.1, 0.4):
            run = self.tacit(0, "confirm", "--wait", "--json")
            time.sleep(delay)
            run.signal(signal.SIGKILL)
            run.end()
        for who in range(2):
            self.tacit(who, "confirm", "--json").event("confirmed")
        self.wait_until(night["closes"])
        for who in range(2):
            self.assertIn("You both would.", self.tacit(who, "confirm").text())
            self.assertEqual(self.files(who), [])

    def test_a_relays_clock_that_is_wrong_by_a_day(self):
        wire = self.keep(Changed(self.relay.port, clock(0), NOW))
        night = self.evening(wire=wire)
        with open(self.files(1)[0], "rb") as file:
            before = file.read()
        for days, status, says in ((1, 4, "One of the two is wrong. Nothing was sent and nothing is lost"),
                                   (-1, 2, "more than an hour apart")):
            wire.change = clock(days * DAY_MS)
            run = self.tacit(1, "confirm")
            self.assertEqual(run.end(), status, run.err)
            self.assertIn(says, " ".join((run.text() + run.errors()).split()))
            with open(self.files(1)[0], "rb") as file:
                self.assertEqual(file.read(), before)
        wire.change = clock(0)
        self.wait_until(night["opens"])
        for who in range(2):
            self.tacit(who, "confirm", "--json").event("confirmed")
        self.wait_until(night["closes"])
        for who in range(2):
            self.assertIn("You both would.", self.tacit(who, "confirm").text())

    def test_one_withdraws_and_the_other_sees_otherwise_at_the_end(self):
        night = self.evening()
        for command in ("confirm", "withdraw"):
            run = self.tacit(1, command, "deadbeef") # not one of his
            self.assertEqual((run.end(), run.out), (2, []))
            self.assert_says(run, "nothing of that name to sleep on")
            self.assertLessEqual(max(len(line) for line in run.err), 79)
        (file,) = self.files(1)
        run = self.tacit(1, "withdraw", os.path.basename(file), "--json")
        self.assertEqual(run.event("withdrawn")["id"], os.path.basename(file))
        self.assertEqual(self.files(1), [])
        self.wait_until(night["opens"])
        run = self.tacit(0, "confirm", "--wait", "--json")
        self.assertEqual(run.end(), 0, run.err)
        self.assertEqual(run.event("outcome")["id"], "no")
        self.assertGreater(time.time() * 1000 + 50, night["closes"])
        self.assertEqual(self.files(0), [])

    def test_nobody_does_anything_and_both_see_otherwise(self):
        night = self.evening()
        self.wait_until(night["closes"])
        for who in range(2):
            run = self.tacit(who, "confirm", "--json")
            self.assertEqual(run.event("outcome")["id"], "no")
            self.assertEqual(self.files(who), [])

    def test_a_file_that_is_damaged_foreign_or_of_another_version(self):
        self.evening()
        file = self.files(0)[0]
        with open(file, "rb") as good:
            bytes_ = good.read()
        for change, says in ((bytes_[:-3], "damaged"), (b"", "damaged"), (b"tacit-sleep-2\n" + bytes_[14:], "version"),
                             (bytes_[:60] + bytes([bytes_[60] ^ 1]) + bytes_[61:], "damaged")):
            with open(file, "wb") as bad:
                bad.write(change)
            run = self.tacit(0, "confirm")
            self.assertEqual(run.end(), 1)
            self.assertIn(says, run.errors().lower())
        with open(file, "wb") as again:
            again.write(bytes_)
        self.assertIn("Both", self.tacit(0, "pending").text())
        os.unlink(glob.glob(f"{self.homes[0]}/tacit/sleep/*.key")[0])
        self.assertIn("key", self.tacit(0, "confirm").errors())
        self.assertEqual(self.tacit(0, "withdraw").end(), 0)
        self.assertEqual(self.files(0), [])

    def test_a_file_that_others_may_read_or_that_is_anothers(self):
        night = self.evening()
        file, key = self.files(0)[0], glob.glob(f"{self.homes[0]}/tacit/sleep/*.key")[0]
        for one in (file, key):
            os.chmod(one, 0o640)
            run = self.tacit(0, "confirm")
            self.assertEqual(run.end(), 1)
            self.assert_says(run, "Others on this machine may read")
            os.chmod(one, 0o600)
        if os.geteuid() == 0: # nobody else may give files away
            for one in (file, key):
                os.chown(one, 12345, -1)
                self.assertIn("another user", self.tacit(0, "confirm").errors())
                os.chown(one, 0, -1)
        os.rename(file, file + ".moved")
        os.symlink(file + ".moved", file)
        self.assertIn("damaged", self.tacit(0, "confirm").errors())
        os.rename(file + ".moved", file)
        self.wait_until(night["opens"]) # nothing is lost
        self.tacit(0, "confirm", "--json").event("confirmed")

    def full(self, who, *arguments):
        """A disk on which no file can grow."""
        return self.keep(two_people.Run(*arguments, program=SHORT, env={"XDG_STATE_HOME": self.homes[who]},
                                        file_bytes=0))

    def test_a_disk_that_is_full_in_the_evening(self):
        she = self.full(0, "ask", self.sheet, "--answer", "want=yes", "--json", "--within", "3s",
                        "--relay", self.relay.url)
        he = self.tacit(1, "answer", "--answer", "want=yes", "--json", "--relay", self.relay.url, she.code())
        self.assert_ended(she, 1, "not-kept")
        self.assert_says(she, "disk is full")
        self.assertEqual(self.files(0), [])
        night = he.event("asleep")
        self.wait_until(night["opens"])
        run = self.tacit(1, "confirm", "--wait", "--json")
        self.assertEqual(run.event("outcome")["id"], "no") # as if she had not confirmed

    def test_a_disk_that_is_full_in_the_morning(self):
        night = self.evening()
        self.wait_until(night["opens"])
        run = self.full(0, "confirm")
        self.assertEqual(run.end(), 1)
        self.assert_says(run, "Nothing was sent")
        self.assertNotIn("You have confirmed", self.tacit(0, "pending").text())
        for who in range(2):
            self.tacit(who, "confirm", "--json").event("confirmed")
        self.wait_until(night["closes"])
        for who in range(2):
            self.assertIn("You both would.", self.tacit(who, "confirm").text())

    def test_a_folder_that_cannot_be_written_is_said(self):
        open(os.path.join(self.homes[0], "tacit"), "w", encoding="utf-8").close() # a file in its place
        she = self.tacit(0, "ask", self.sheet, "--answer", "want=yes", "--json", "--within", "5s",
                         "--relay", self.relay.url)
        he = self.tacit(1, "answer", "--answer", "want=yes", "--json", "--relay", self.relay.url, she.code())
        self.assert_ended(she, 1, "not-kept")
        self.assertEqual(he.end(), 0)

    def test_the_longest_pause_that_anybody_asks_for(self):
        night = self.evening(more=("--sleep", "5h"))
        self.assertGreater(night["closes"], night["opens"])
        self.assertEqual(len(self.files(0)), 1)

    def test_a_pause_that_is_none(self):
        for text in ("0h", "90m", "73h", "4d", "x"):
            self.assertEqual(self.ask("try-again", LEAVE, "--sleep", text).end(), 2, text)


if __name__ == "__main__":
    two_people.main()
