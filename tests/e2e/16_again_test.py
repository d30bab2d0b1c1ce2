# SPDX-License-Identifier: ISC
"""How often, and meeting again: two people with a state folder each, real programs, a real relay."""
import glob
import os
import resource
import signal
import sqlite3
import stat
import time

import two_people
from two_people import PATIENCE, answers

WEEKLY = """title Weekly
ask want: Would you like to?
  no: No
  yes: Yes
outcome yes: You both would.
  when both (want is yes)
outcome no: Not this time.
  otherwise
once every 7 days
"""
OFTEN = WEEKLY.replace("Weekly", "Often").replace("once every 7 days\n", "")
YES = ["want=yes"]


class Pair(two_people.TwoPeople):
    """She asks, he answers; she calls him Sam, he calls her Kim."""

    def setUp(self):
        super().setUp()
        self.weekly = self.path("weekly.tacit", WEEKLY)
        self.often = self.path("often.tacit", OFTEN)
        self.hers = {"XDG_STATE_HOME": os.path.join(self.folder, "hers")}
        self.his = {"XDG_STATE_HOME": os.path.join(self.folder, "his")}

    def tacit(self, env, *arguments, **more):
        return self.run_tacit(*arguments, env=env, **more)

    def she_asks(self, sheet, *more, given=("want=yes",)):
        return self.tacit(self.hers, "ask", sheet, "--relay", self.relay.url, "--json",
                          *answers(given), *more)

    def he_answers(self, code, *more, given=("want=yes",)):
        return self.tacit(self.his, "answer", "--relay", self.relay.url, "--json",
                          *answers(given), *more, stdin=(code or "") + "\n")

    def meet(self, sheet, hers=(), his=()):
        """By a code."""
        she = self.she_asks(sheet, *hers)
        he = self.he_answers(she.code(), *his)
        self.assert_both(she, he)
        return she, he

    def assert_both(self, she, he, outcome="yes"):
        for one in (she, he):
            self.assertEqual(one.end(), 0, one.out + one.err)
            self.assertEqual(one.event("outcome")["id"], outcome)

    def befriend(self, sheet=None):
        return self.meet(sheet or self.often, ("--keep", "Sam"), ("--keep", "Kim"))

    def again(self, sheet, outcome="yes"):
        she = self.she_asks(sheet, "--again", "Sam")
        he = self.he_answers(None, "--again", "Kim")
        self.assert_both(she, he, outcome)
        return she, he

    def file(self, env, name="kept.db"):
        return os.path.join(env["XDG_STATE_HOME"], "tacit", "kept", name)

    def sql(self, env, text):
        db = sqlite3.connect(self.file(env))
        with db:
            rows = db.execute(text).fetchall()
        db.close()
        return rows

    def rows(self, env):
        return self.sql(env, "SELECT count(*) FROM asked")[0][0]

    def week_passes(self, *people):
        for env in people or (self.hers, self.his):
            self.sql(env, "UPDATE asked SET until = until - 7 * 24 * 60 - 2")

    def assert_too_soon(self, run):
        self.assert_ended(run, 7, "too-soon")
        self.assert_says(run, r"less than 7 days ago; again from \w+")


class Keeping(Pair):
    def test_both_keep_it_and_meet_again_without_a_code_from_either_side(self):
        she, he = self.befriend()
        for one in (she, he):
            self.assertEqual(one.event("kept"), {"event": "kept", "kept": True})
        for env in (self.hers, self.his):
            self.assertEqual(stat.S_IMODE(os.stat(self.file(env)).st_mode), 0o600)
            self.assertEqual(stat.S_IMODE(os.stat(self.file(env, "kept.key")).st_mode), 0o600)
        she, _ = self.again(self.often)
        self.assertFalse([event for event in she.events() if event["event"] == "code"])
        he = self.tacit(self.his, "ask", self.often, "--again", "Kim", "--json", *answers(YES))
        she = self.tacit(self.hers, "answer", "--again", "Sam", "--json", *answers(YES))
        self.assert_both(she, he) # at the relay of the last time
        self.assertEqual(self.rows(self.hers), 0) # a sheet without a limit leaves no date

    def test_whoever_answers_first_waits(self):
        self.befriend()
        he = self.he_answers(None, "--again", "Kim")
        time.sleep(4)
        self.assertIsNone(he.process.poll(), he.err)
        she = self.she_asks(self.often, "--again", "Sam")
        self.assert_both(she, he)

    def test_nobody_asks(self):
        self.befriend()
        he = self.he_answers(None, "--again", "Kim", "--timeout", "1s")
        self.assert_ended(he, 5, "nobody-came")
        self.assert_says(he, "Kim did not ask in time")

    def test_one_who_does_not_want_it_and_nobody_has_anything(self):
        for hers, his in ((("--keep", "Sam"), ()), ((), ("--keep", "Kim"))):
            she, he = self.meet(self.weekly, hers, his)
            for one, wished in ((she, hers), (he, his)):
                said = [event["kept"] for event in one.events() if event["event"] == "kept"]
                self.assertEqual(said, [False] if wished else [])
            for env, name in ((self.hers, "Sam"), (self.his, "Kim")):
                kept = self.tacit(env, "kept", "--json").event("kept")
                self.assertEqual((kept["names"], kept["asked"]), ([], 0))

    def test_the_file_says_nothing_without_its_key(self):
        self.befriend(self.weekly)
        with open(self.file(self.hers), "rb") as file:
            bytes_ = file.read()
        for word in (b"Sam", b"Kim", b"127.0.0.1", b"Weekly", b"want"):
            self.assertNotIn(word, bytes_)
        self.assertEqual(self.rows(self.hers), 1)

    def test_names(self):
        self.befriend()
        run = self.she_asks(self.often, "--keep", "Sam")
        self.assert_ended(run, 2, "usage")
        self.assert_says(run, "somebody else by that name")
        run = self.she_asks(self.often, "--again", "Nobody")
        self.assert_ended(run, 2, "no-pairing")
        for bad in ("", " x", "x" * 64, "a\x1b[2J", "-x"):
            self.assert_ended(self.she_asks(self.often, "--keep=" + bad), 2, "usage")

    def test_a_person_is_told_and_sees_no_code(self):
        self.befriend(self.weekly)
        self.week_passes()
        she = self.terminal("ask", self.weekly, "--again", "Sam", env=self.hers)
        she.expect(r"Tell Sam that you have something to ask")
        he = self.terminal("answer", "--again", "Kim", env=self.his)
        he.expect(r"Both\s+devices\s+hold\s+you\s+two\s+to\s+it")
        self.assertNotRegex(she.seen, r"[0-9]+-[a-z]+-[a-z]+")


class HowOften(Pair):
    def test_again_within_the_week_is_refused_on_both_sides_and_the_other_hears_nothing(self):
        she, he = self.befriend(self.weekly)
        for one in (she, he):
            self.assertEqual(one.event("paired")["history"], "new")
        self.assert_too_soon(self.she_asks(self.weekly, "--again", "Sam"))
        self.assert_too_soon(self.tacit(self.his, "ask", self.weekly, "--again", "Kim", "--json",
                                        *answers(YES)))
        self.again(self.often) # another sheet can be asked
        self.week_passes()
        she, _ = self.again(self.weekly)
        self.assertEqual(she.event("paired")["history"], "kept")
        self.assert_too_soon(self.she_asks(self.weekly, "--again", "Sam"))

    def test_one_honest_device_is_enough_and_nobody_is_made_the_culprit(self):
        self.befriend(self.weekly)
        self.week_passes(self.hers)
        she = self.she_asks(self.weekly, "--again", "Sam")
        he = self.he_answers(None, "--again", "Kim")
        self.assert_too_soon(he)
        self.assert_ended(she, 7, "not-yet")
        self.assert_says(she, "one of your two devices", "nobody did anything wrong")
        self.assertEqual(self.rows(self.hers), 1)
        self.week_passes(self.his)
        self.week_passes(self.hers)
        self.again(self.weekly) # and the pairing is whole

    def test_a_new_code_starts_without_history_and_both_are_told(self):
        self.befriend(self.weekly)
        she, he = self.meet(self.weekly)
        for one in (she, he):
            self.assertEqual(one.event("paired")["history"], "new")
        for env, name in ((self.hers, "Sam"), (self.his, "Kim")):
            self.assertEqual(self.rows(env), 1) # and leaves none
        he = self.tacit(self.hers, "ask", self.weekly, "--relay", self.relay.url, *answers(YES))
        she = self.terminal("answer", "--relay", self.relay.url, he.code(), env=self.his)
        she.expect(r"this\s+starts\s+without\s+history")
        he.line("new code, so this starts without history")

    def test_what_is_said_while_it_waits_has_a_line_of_its_own(self):
        she = self.terminal("ask", self.weekly, "--relay", self.relay.url, *answers(YES),
                            env={**self.hers, "TERM": "xterm"})
        code = she.expect(r"Code: (\S+)").group(1)
        she.expect(r"\rWaiting")
        self.he_answers(code)
        she.expect(r"\r +\rYou two meet by a new code")

    def test_without_history_sheets_that_need_it_are_refused(self):
        run = self.she_asks(self.weekly, "--no-history")
        self.assert_ended(run, 2, "no-history")
        she = self.she_asks(self.weekly)
        he = self.he_answers(she.code(), "--no-history")
        self.assert_ended(he, 2, "no-history")
        self.assert_ended(she, 7, "not-yet")
        self.meet(self.often, ("--no-history",), ("--no-history",))

    def test_a_meeting_that_breaks_off_once_answers_have_left_counts(self):
        """Her line ends for good with what would have let her see it: her device has sent its answers."""
        self.befriend(self.weekly)
        self.week_passes()
        wire = self.keep(two_people.Wire(self.relay.port, frames_most=8))
        she = self.tacit(self.hers, "ask", self.weekly, "--relay", wire.url, "--json", "--again",
                         "Sam", *answers(YES))
        he = self.he_answers(None, "--again", "Kim")
        end = time.monotonic() + PATIENCE
        while self.rows_left(self.hers) == 0 and time.monotonic() < end:
            time.sleep(0.1)
        for one in (she, he):
            one.kill()
        self.assert_too_soon(self.she_asks(self.weekly, "--again", "Sam"))

    def rows_left(self, env):
        """Dates that are still ahead."""
        return self.sql(env, f"SELECT count(*) FROM asked WHERE until > {int(time.time()) // 60}")[0][0]

    def test_what_is_shown_in_place_of_an_outcome_counts_too(self):
        """Or else what is refused later would tell whether the other had answered."""
        self.befriend(self.weekly)
        self.week_passes()
        she = self.she_asks(self.weekly, "--again", "Sam", "--within", "4s")
        he = self.terminal("answer", "--again", "Kim", env=self.his)
        he.expect("The rule")
        she.line("paired") # what he said has reached her
        he.process.kill() # he never answers
        self.assertEqual(she.end(), 0)
        self.assertEqual(she.event("outcome")["id"], "no")
        self.assert_too_soon(self.she_asks(self.weekly, "--again", "Sam"))

    def test_what_breaks_off_before_answers_leave_counts_for_nobody(self):
        self.befriend(self.weekly)
        self.week_passes()
        she = self.she_asks(self.weekly, "--again", "Sam", "--within", "1h")
        he = self.terminal("answer", "--again", "Kim", env=self.his)
        he.expect("The rule")
        she.line("paired")
        she.process.kill()
        he.process.kill()
        self.assertEqual((self.rows_left(self.hers), self.rows_left(self.his)), (0, 0))
        self.again(self.weekly)


class Broken(Pair):
    """Crashes between the steps, clocks, and files that are not what they should be."""

    def test_they_find_each_other_whoever_was_killed_while_pairing(self):
        self.befriend()
        for first in ("she", "he"):
            for frames in (0, 1, 2):
                wire = self.keep(two_people.Wire(self.relay.port, frames_most=frames))
                if first == "she":
                    she = self.tacit(self.hers, "ask", self.often, "--relay", wire.url, "--json",
                                     "--again", "Sam", *answers(YES))
                    he = self.he_answers(None, "--again", "Kim")
                else:
                    she = self.she_asks(self.often, "--again", "Sam")
                    he = self.tacit(self.his, "answer", "--relay", wire.url, "--json", "--again",
                                    "Kim", *answers(YES))
                time.sleep(1.5)
                she.kill()
                he.kill()
                if frames % 2 == 0:
                    self.again(self.often)
                else:
                    he = self.tacit(self.his, "ask", self.often, "--relay", self.relay.url, "--json",
                                    "--again", "Kim", *answers(YES))
                    she = self.tacit(self.hers, "answer", "--relay", self.relay.url, "--json",
                                     "--again", "Sam", *answers(YES))
                    self.assert_both(she, he)

    def test_a_clock_that_was_ahead_makes_nobody_wait_longer_than_the_sheet_says(self):
        self.befriend(self.weekly)
        self.sql(self.hers, "UPDATE asked SET until = until + 10 * 365 * 24 * 60")
        self.assert_too_soon(self.she_asks(self.weekly, "--again", "Sam"))
        self.assertLessEqual(self.sql(self.hers, "SELECT until FROM asked")[0][0],
                             time.time() // 60 + 7 * 24 * 60 + 1)
        self.week_passes()
        self.again(self.weekly)

    def test_a_clock_a_day_ahead_on_one_side_is_held_by_the_other(self):
        self.befriend(self.weekly)
        self.sql(self.hers, "UPDATE asked SET until = until - 7 * 24 * 60 - 2")
        self.sql(self.his, "UPDATE asked SET until = until - 6 * 24 * 60")
        she = self.she_asks(self.weekly, "--again", "Sam")
        he = self.he_answers(None, "--again", "Kim")
        self.assert_too_soon(he)
        self.assert_ended(she, 7, "not-yet")

    def assert_history_refused(self, *patterns):
        run = self.she_asks(self.weekly, "--again", "Sam")
        self.assert_ended(run, 1, "history")
        self.assert_says(run, *patterns)
        kept = self.tacit(self.hers, "kept")
        self.assertEqual(kept.end(), 1)
        self.assert_says(kept, *patterns)

    def spoilt(self, text):
        before = open(self.file(self.hers), "rb").read()
        self.sql(self.hers, text)
        return before

    def test_damaged_of_another_version_without_its_key_or_no_file_at_all(self):
        self.befriend(self.weekly)
        whole = self.spoilt("PRAGMA user_version = 2")
        self.assert_history_refused("Another version of tacit")
        for bytes_ in (b"not a database at all" * 40, whole[:4096] + os.urandom(len(whole) - 4096)):
            self.path(self.file(self.hers), bytes_)
            self.assert_history_refused("damaged; nothing in it was changed")
            self.assertEqual(open(self.file(self.hers), "rb").read(), bytes_)
        self.path(self.file(self.hers), whole)
        key = open(self.file(self.hers, "kept.key"), "rb").read()
        os.remove(self.file(self.hers, "kept.key"))
        self.assert_history_refused("key .* not in the state folder")
        self.path(self.file(self.hers, "kept.key"), bytes(32))
        os.chmod(self.file(self.hers, "kept.key"), 0o600)
        self.assert_history_refused("damaged")
        self.path(self.file(self.hers, "kept.key"), key)
        self.assert_too_soon(self.she_asks(self.weekly, "--again", "Sam")) # nothing was lost
        for name in ("kept.db", "kept.key"):
            os.chmod(self.file(self.hers, name), 0o644)
            self.assert_history_refused("Others on this machine may read")
            os.chmod(self.file(self.hers, name), 0o600)
        os.rename(self.file(self.hers), self.file(self.hers) + ".mine")
        os.symlink(self.file(self.hers) + ".mine", self.file(self.hers))
        self.assert_history_refused("damaged")

    def test_a_row_moved_to_another_pairing_is_no_pairing(self):
        self.befriend(self.weekly)
        self.sql(self.hers, "UPDATE pairing SET name = randomblob(32)")
        self.assert_history_refused("damaged")

    def test_another_users_file_and_a_folder_that_cannot_be(self):
        if os.geteuid() != 0:
            self.skipTest("needs another user")
        self.befriend(self.weekly)
        os.chown(self.file(self.hers), 12345, -1)
        self.assert_history_refused("another user")
        os.chown(self.file(self.hers), 0, -1)
        self.hers = {"XDG_STATE_HOME": self.path("a-file", "x")}
        run = self.she_asks(self.weekly, "--again", "Sam")
        self.assert_ended(run, 1, "history")
        self.assert_says(run, "XDG_STATE_HOME")

    def fills_up(self, run):
        """From now on no file of hers may grow."""
        resource.prlimit(run.process.pid, resource.RLIMIT_FSIZE, (0, 0))

    def assert_she_stops(self, she, he, before):
        self.assert_ended(she, 1, "history")
        self.assert_says(she, "disk is full")
        he.process.kill()
        self.assertEqual(self.sql(self.hers, "SELECT * FROM asked"), before)

    def test_a_disk_that_fills_up_before_the_two_meet(self):
        self.befriend(self.weekly)
        self.week_passes()
        before = self.sql(self.hers, "SELECT * FROM asked")
        she = self.she_asks(self.weekly, "--again", "Sam")
        time.sleep(0.5)
        self.fills_up(she)
        self.assert_she_stops(she, self.he_answers(None, "--again", "Kim", "--timeout", "2s"), before)
        self.again(self.weekly)

    def test_a_disk_that_fills_up_before_the_date_is_due_sends_no_answers(self):
        self.befriend(self.weekly)
        self.week_passes()
        before = self.sql(self.hers, "SELECT * FROM asked")
        she = self.she_asks(self.weekly, "--again", "Sam")
        he = self.terminal("answer", "--again", "Kim", env=self.his)
        he.expect("The rule")
        she.line("paired")
        time.sleep(1) # its step is on the disk by now
        self.fills_up(she)
        he.expect("Enter")
        he.type("")
        he.expect("Would you like to")
        he.type("2")
        he.expect("Seal")
        he.type("1")
        self.assert_she_stops(she, he, before)


class Forgetting(Pair):
    def test_forget_erases_the_dates_and_only_if_asked_the_people(self):
        self.befriend(self.weekly)
        self.assertEqual(self.tacit(self.hers, "forget").end(), 2) # nobody can be asked
        run = self.tacit(self.hers, "forget", "--yes")
        self.assertEqual(run.end(), 0, run.err)
        self.assertEqual(self.tacit(self.hers, "kept", "--json").event("kept"),
                         {"event": "kept", "names": ["Sam"], "asked": 0})
        she = self.she_asks(self.weekly, "--again", "Sam") # his device still counts
        he = self.he_answers(None, "--again", "Kim")
        self.assert_too_soon(he)
        self.assert_ended(she, 7, "not-yet")
        self.assertIn("Erased on this device",
                      self.tacit(self.hers, "forget", "--all", "--yes").text())
        self.assertEqual(glob.glob(self.file(self.hers, "kept*")), [])
        self.assertEqual(self.tacit(self.hers, "kept").text(), "Nothing is kept.\n")

    def test_a_person_is_asked_first(self):
        self.befriend(self.weekly)
        for said, left in (("no", 1), ("", 1), ("yes", 0)):
            run = self.terminal("forget", "Sam", env=self.hers)
            run.expect("Forget Sam, so that you need a new code")
            run.type(said)
            self.assertEqual(run.end(), 0)
            self.assertEqual(len(self.tacit(self.hers, "kept", "--json").event("kept")["names"]), left)
        run = self.terminal("forget", env=self.his)
        run.expect("1 date when something may be asked again is kept")
        run.expect("Erase them?")
        run.type("yes")
        run.expect("Kim")
        run.expect("Erase these pairings too")
        run.type("no")
        run.expect("Erased on this device")
        self.assertEqual(run.end(), 0)
        kept = self.tacit(self.his, "kept", "--json").event("kept")
        self.assertEqual((kept["names"], kept["asked"]), (["Kim"], 0))

    def test_what_cannot_be_read_goes_as_a_whole(self):
        self.befriend(self.weekly)
        self.path(self.file(self.hers), b"junk" * 1000)
        run = self.tacit(self.hers, "forget", "--yes")
        self.assertEqual(run.end(), 1)
        self.assert_says(run, "forget --all")
        self.assertEqual(self.tacit(self.hers, "forget", "--all", "--yes").end(), 0)
        self.assertEqual(self.tacit(self.hers, "kept").text(), "Nothing is kept.\n")


if __name__ == "__main__":
    two_people.main()
