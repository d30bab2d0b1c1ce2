# SPDX-License-Identifier: ISC
"""What outcomes would tell: `show --preview`, the last screen before sealing, and `reflect`."""
import json
import os
import subprocess
import unittest

import two_people

TACIT = os.environ["TACIT"]
READY = "ending=ready\ntonight=goodbye\ntomorrow=fine\ndrink=nothing\nslept=same\n"
HOPE = "ending=hope\ntonight=anger\ntomorrow=fine\ndrink=more\nslept=same\n"
OWNER = "least=300000\nclose=month\n"
SHEETS = {
    "last-night": (READY, None),
    "try-again": ("choose=yes\nhelp=would\nfree=yes\npress=no\nweek=same\n", None),
    "which-one": ("feel.first=like\nfeel.second=fine\nfeel.third=fine\nfeel.fourth=rather-not\n"
                  "feel.fifth=like\n", None),
    "meet-in-the-middle": (OWNER, "owner"),
    "in-range": ("pay=60000\ndays=3\nstart=2\n", "candidate"),
    "two-founders": ("could=together,sell\nrank=together,sell,close,first-leads,second-leads\nready=yes\n",
                     "first"),
    "share-out": ("points=sofa=50,bike=20,books=10,plants=10,table=10\n", None),
}


class Preview(two_people.TwoPeople):
    def file(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def told(self, *arguments, status=0):
        done = subprocess.run([TACIT, *arguments], env={**os.environ, **self.env}, text=True,
                              capture_output=True, timeout=240, check=False)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout if status == 0 else done.stderr

    def preview(self, sheet, text, *more):
        return self.told("show", sheet, "--preview", "--answers", self.file("answers", text), *more)

    def test_a_no_with_a_coin_rules_nothing_out(self):
        said = self.preview("last-night", READY)
        yes, no = said.split("If you both see “Not tonight.”")
        self.assertIn("They will know 3 of your 5 answers, and something about 2 more:", yes)
        self.assertIn("“Tonight would be, for me”: “A kind goodbye” or “Comfort”", yes)
        self.assertIn("They can rule out nothing about any single answer of yours.", no)
        self.assertIn("hardly changes", no) # the coin moves the odds, a little, and that is said

    def test_what_cannot_happen_is_said(self):
        said = " ".join(self.preview("last-night", HOPE).split())
        self.assertIn("you will not see “You see it the same way.”", said)
        self.assertNotIn("If you both see “You see it", said)

    def test_a_price_tells_a_limit_in_the_worst_case(self):
        said = " ".join(self.preview("meet-in-the-middle", OWNER, "--role", "owner").split())
        self.assertIn("“What is the least that you would take?”: at most 300,000", said)
        self.assertIn("each in the worst case", said)

    def test_figures_and_json_say_the_same(self):
        figures = " ".join(self.preview("last-night", READY, "--figures").split())
        self.assertIn("33.33 % beforehand, of 33.09 % to 33.33 % afterwards", figures)
        told = json.loads(self.preview("last-night", READY, "--json"))
        self.assertTrue(told["exact"])
        self.assertEqual(told["pairs"], 4)
        ending = told["outcomes"][1]["details"][0]
        self.assertEqual((ending["question"], ending["left_count"], ending["of"], ending["known"]),
                         ("ending", 3, 3, False))
        self.assertEqual(ending["before"], 333333)
        tonight = told["outcomes"][0]["details"][1]
        self.assertEqual(tonight["left"], ["“A kind goodbye”", "“Comfort”"])
        self.assertEqual(len(tonight["ruled_out"]), 4)

    def test_every_sheet_that_ships_can_be_previewed(self):
        for sheet, (answers, role) in SHEETS.items():
            told = json.loads(self.preview(sheet, answers, "--json", *(["--role", role] if role else [])))
            self.assertEqual(told["exact"], sheet != "share-out", sheet)
            self.assertEqual(told["exact"], told["bound"] == "", sheet)
            for outcome in told["outcomes"]:
                self.assertEqual(outcome["possible"], bool(outcome["about_you"]), sheet)

    def test_what_is_missing_is_named(self):
        self.assertIn("go together", self.told("show", "last-night", "--preview", status=2))
        self.assertIn("slept", self.told("show", "last-night", "--preview", "--answers",
                                              self.file("half", READY.replace("slept=same\n", "")), status=2))
        self.assertIn("candidate and employer", self.told(
            "show", "in-range", "--preview", "--answers", self.file("a", READY), "--role", "tenant", status=2))
        self.assertIn("--answers", self.told("reflect", "last-night", status=2))

    def test_reflecting_says_what_settles_it_and_what_it_would_take(self):
        said = " ".join(self.told("reflect", "last-night", "--answers", self.file("a", HOPE)).split())
        self.assertIn("“Part of me hopes to hold on” settles it alone: you both see “Not tonight.”", said)
        self.assertIn("With these answers it cannot happen.", said)
        self.assertIn("fiery limbo", said)
        said = " ".join(self.told("reflect", "last-night", "--answers", self.file("b", READY)).split())
        self.assertIn("None of your answers settles it: it depends on theirs.", said)
        self.assertIn("even then it is “Not tonight.” by chance, 1 time in 8", said)
        told = json.loads(self.told("reflect", "in-range", "--role", "employer", "--json", "--answers",
                                         self.file("c", "pay=50000\ndays=2\nstart=3\n")))
        words = " ".join(told["reflection"]["needs"][0]["words"])
        self.assertIn("at most 50,000 a year", words)
        self.assertIn("at least 2 days a week", words)
        self.assertEqual(told["notes"], [])

    def test_reflecting_leaves_nothing_behind(self):
        before = sorted(os.listdir(self.folder))
        path = self.file("a", HOPE)
        self.told("reflect", "last-night", "--answers", path)
        os.unlink(path)
        self.assertEqual(sorted(os.listdir(self.folder)), before)

    def test_the_last_screen_before_sealing_shows_it(self):
        she = self.terminal("try", "last-night")
        she.expect("Enter to go on")
        she.type("")
        she.expect("Enter to go on")
        she.type("")
        for _ in range(5):
            she.expect("A number from")
            she.type("1")
        she.expect("Before you seal")
        she.expect("See all that each outcome would tell")
        self.assertIn("They will know 3 of your 5 answers, and something about 2 more.",
                      " ".join(she.seen.split()))
        she.expect("A number from")
        she.type("3")
        she.expect("What each outcome would tell")
        she.expect("A kind goodbye” or “Comfort")
        she.expect("Enter to go on")
        she.type("")
        she.expect("Before you seal")
        she.type("1")
        she.expect("Now you are the second person")

    def test_somebody_reflects_at_a_terminal(self):
        she = self.terminal("reflect", "last-night")
        she.expect("You are alone with this")
        she.expect("Enter to go on")
        she.type("")
        for _ in range(5):
            she.expect("A number from")
            she.type("2")
        she.expect("Once more")
        self.assertNotIn("Seal", she.seen)
        she.expect("A number from")
        she.type("1")
        she.expect("settles it alone")
        she.expect("fiery limbo")
        self.assertEqual(she.end(), 0)


if __name__ == "__main__":
    two_people.main()
