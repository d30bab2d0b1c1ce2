# SPDX-License-Identifier: ISC
"""show, check and list; sheets with errors, and files that are no sheets."""
import os
import re

import two_people

GOOD = """title Pizza tonight
ask want: Pizza tonight?
  yes: Yes
  no: No
outcome pizza: Pizza it is.
  when both (want is yes)
outcome other: Something else.
  otherwise
"""


class Sheets(two_people.TwoPeople):
    def checked(self, text, status=3):
        path = self.path("ours.tacit", text)
        run = self.run_tacit("check", path)
        self.assertEqual(run.end(), status, run.err)
        return run

    def test_an_error_has_file_line_column_the_line_and_a_caret(self):
        run = self.checked(GOOD.replace("want is yes", "want is yess"))
        lines = run.errors().split("\n")
        self.assertRegex(lines[0], r"ours\.tacit:6:[0-9]+: error: ")
        self.assertEqual(lines[1], "    6 |   when both (want is yess)")
        self.assertEqual(lines[2], "      | " + " " * lines[1][8:].index("yess") + "^~~~")
        self.assertIn("yes", "".join(lines[3:]))

    def test_the_caret_stands_right_behind_tabs_accents_and_wide_letters(self):
        run = self.checked(GOOD.replace("Pizza it is.\n", "Pizza \u00e9t\u00e9 \u66f8\u7269.\n")
                           .replace("  when both (want is yes)", "\twhen both (want is yess)"))
        lines = run.errors().split("\n")
        self.assertEqual(lines[2].index("^") - lines[1].index("yess"), 0)

    def test_control_characters_are_never_echoed(self):
        for bad in (b"\x1b[2J\x1b]0;x\x07", b"\x00", b"\x9b31m", b"\xe2\x80\xae", b"\xff\xfe", b"\x08\x7f"):
            run = self.checked(GOOD.encode().replace(b"Pizza tonight?", b"Pizza " + bad + b" x"))
            said = run.errors().encode("utf-8", "surrogateescape")
            for byte in (b"\x1b", b"\x00", b"\x07", b"\x08", b"\x7f", b"\xe2\x80\xae"):
                self.assertNotIn(byte, said)

    def test_a_name_of_a_file_is_not_echoed_raw_either(self):
        for command in ("check", "show", "ask", "try"):
            run = self.run_tacit(command, "no\x1b[2Jsuch")
            self.assertEqual(run.end(), 2)
            self.assertNotIn("\x1b", run.errors())

    def test_files_that_are_no_sheets(self):
        for text in (b"", b"\n", b"\0" * 100, os.urandom(1000), b"x" * 70000, b"\xff\xd8\xff\xe0",
                     b"title\n" * 5000, ("title " + "a" * 60000).encode(), b"(" * 60000):
            run = self.checked(text)
            self.assertLess(len(run.errors()), 70000)

    def test_what_cannot_be_opened_is_usage(self):
        for name in ("/nowhere/at-all.tacit", self.folder):
            run = self.run_tacit("check", name)
            self.assertEqual(run.end(), 2)
            self.assert_says(run, "cannot be read")

    def test_the_nearest_name_is_suggested(self):
        run = self.run_tacit("show", "lastnight")
        self.assertEqual(run.end(), 2)
        self.assert_says(run, "Did you mean last-night")

    def test_a_bad_sheet_ends_ask_try_and_show_with_3(self):
        path = self.path("bad.tacit", GOOD.replace("otherwise", "otherwhise"))
        for command in ("ask", "try", "show"):
            run = self.run_tacit(command, path, "--json")
            self.assertEqual(run.end(), 3)
            self.assert_says(run, r"bad\.tacit:8:")

    def test_good_sheets_are_fine(self):
        run = self.checked(GOOD, 0)
        self.assertIn("Pizza tonight", run.text())
        shipped = [os.path.join(two_people.SOURCE, "sheets", name)
                   for name in os.listdir(os.path.join(two_people.SOURCE, "sheets"))
                   if name.endswith(".tacit")]
        run = self.run_tacit("check", *shipped)
        self.assertEqual(run.end(), 0, run.err)

    def test_one_bad_file_among_many_is_found(self):
        good, bad = self.path("good.tacit", GOOD), self.path("bad.tacit", "x")
        run = self.run_tacit("check", good, bad, good)
        self.assertEqual(run.end(), 3)
        self.assertEqual(run.text().count("good.tacit is fine"), 2)

    def test_list_names_what_ships(self):
        run = self.run_tacit("list", "--json")
        names = {sheet["name"]: sheet for sheet in run.events()}
        self.assertLessEqual({"last-night", "try-again", "in-range"}, set(names))
        self.assertEqual(names["in-range"]["people"], ["candidate", "employer"])
        self.assertEqual(names["last-night"]["people"], [])
        self.assertIn("last-night", self.run_tacit("list").text())

    def test_show_tells_the_rule_in_words(self):
        text = self.run_tacit("show", "last-night").text()
        for word in ("One last night", "ready to let go", "Not now, for any reason", "The rule",
                     "Not tonight."):
            self.assertIn(word, text)
        self.assertLessEqual(max(len(line) for line in text.split("\n")), 80)

    def test_the_json_of_a_sheet_has_its_shape(self):
        """Every field that docs/commands.md names, and no other."""
        for name in [sheet["name"] for sheet in self.run_tacit("list", "--json").events()]:
            sheet, = self.run_tacit("show", name, "--json").events()
            self.assertEqual({"title", "about", "fingerprint", "words", "people", "lists", "questions",
                              "outcomes", "notes", "sleep_hours", "sleep_optional", "once_every_hours",
                              "ands"}, set(sheet))
            self.assertRegex(sheet["fingerprint"], r"^[0-9a-f]{64}$")
            self.assertIn(sheet["words"], re.sub(r"\s+", " ", self.run_tacit("show", name).text()))
            self.assertIn(len(sheet["people"]), (0, 2))
            for part in sheet["lists"]:
                self.assertEqual({"id", "editable", "least", "most", "items"}, set(part))
            for question in sheet["questions"]:
                self.assertEqual({"id", "who", "kind", "each", "list", "prompt", "options", "min", "max", "step",
                                  "unit", "total", "limit", "limits"}, set(question))
            for outcome in sheet["outcomes"]:
                self.assertEqual({"id", "headline", "say", "otherwise", "chance", "when", "reveals",
                                  "may_tell_of"}, set(outcome))
                self.assertEqual(outcome["otherwise"], outcome["when"] is None)
                for reveal in outcome["reveals"]:
                    self.assertEqual({"id", "type", "list", "value"}, set(reveal))
            for note in sheet["notes"]:
                self.assertEqual({"stops", "when", "text"}, set(note))
            self.assertIsInstance(sheet["ands"], int)

    def test_the_json_of_a_sheet_says_what_it_says(self):
        night, = self.run_tacit("show", "last-night", "--json").events()
        self.assertLessEqual(night["ands"], 4)
        self.assertEqual([o["id"] for o in night["questions"][0]["options"]], ["ready", "hope", "unsure"])
        self.assertEqual(night["outcomes"][1]["chance"], {"k": 1, "n": 8})
        self.assertEqual(night["notes"][0]["when"], "ending is hope")
        self.assertEqual((night["sleep_hours"], night["sleep_optional"], night["once_every_hours"]), (8, True, 168))
        price, = self.run_tacit("show", "meet-in-the-middle", "--json").events()
        self.assertEqual(price["outcomes"][0]["reveals"], [
            {"id": "price", "type": "number", "list": None,
             "value": "any step from owner.least to buyer.most, by lot"}])
        self.assertEqual(price["outcomes"][1]["may_tell_of"], ["close"])
        common, = self.run_tacit("show", "common-ground", "--json").events()
        self.assertEqual(common["questions"][0]["limits"],
                         [{"least": 0, "most": 6, "options": ["maybe", "yes"]}])
        self.assertEqual(common["outcomes"][0]["reveals"][0]["type"], "items")
        types = {self.run_tacit("show", name, "--json").events()[0]["outcomes"][0]["reveals"][0]["type"]
                 for name in ("share-out", "which-one")}
        self.assertEqual(types, {"split", "item"})


if __name__ == "__main__":
    two_people.main()
