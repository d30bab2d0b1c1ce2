# SPDX-License-Identifier: ISC
"""Sheets with lists: points, rankings, subsets, one answer per item; what they reveal; own items."""
import two_people

POINTS = {"sofa": 40, "bike": 30, "books": 20, "plants": 10, "table": 0, "pictures": 0}
FOUNDERS = ["could=together, sell", "rank=together, sell, first-leads, second-leads, close", "ready=yes"]


class Lists(two_people.TwoPeople):
    def both(self, sheet, hers, his, *more):
        she = self.ask(sheet, hers, "--json", *more)
        he = self.answer(she.code(), his, "--json")
        self.assertEqual((she.end(), he.end()), (0, 0), (she.err, he.err))
        return she.event("outcome"), he.event("outcome")

    def test_a_set_is_an_array_in_the_lists_order(self):
        listed, = self.run_tacit("show", "common-ground", "--json").events()
        items = [item["id"] for item in listed["lists"][0]["items"]]
        given = [f"like.{item}={'yes' if item in items[:3] else 'no'}" for item in items] + ["most=five"]
        hers, his = self.both("common-ground", given, given)
        self.assertEqual(hers["reveals"], {"items": items[:3]})
        self.assertEqual(hers, his)

    def test_a_value_is_a_number(self):
        hers, his = self.both("meet-in-the-middle", ["least=100000", "close=month"],
                              ["most=101000", "close=month"])
        self.assertEqual(hers["id"], "price")
        self.assertIn(hers["reveals"]["price"], (100000, 100500, 101000))
        self.assertEqual(hers, his)

    def test_an_item_is_its_id(self):
        hers, his = self.both("two-founders", FOUNDERS, FOUNDERS)
        self.assertEqual(hers["reveals"], {"path": "together"})
        self.assertEqual(hers, his)

    def test_a_division_is_told_from_each_ones_side(self):
        hers = [f"points.{item}={points}" for item, points in POINTS.items()]
        his = ["points=" + ", ".join(f"{i}={p}" for i, p in zip(POINTS, reversed(POINTS.values())))]
        first, second = self.both("share-out", hers, his)
        mine, theirs = first["reveals"]["split"], second["reveals"]["split"]
        self.assertEqual(list(mine), list(POINTS))
        for item in POINTS:
            self.assertEqual({mine[item], theirs[item]}, {"you", "them"})
        self.assertEqual(mine["sofa"], "you")
        self.assertEqual(theirs["pictures"], "you")

    def test_own_items_travel_with_the_sheet(self):
        items = self.path("items.txt", "rome: Rome\nparis: Paris\noslo: Oslo\n")
        given = ["feel.rome=like", "feel.paris=fine", "feel.oslo=fine"]
        hers, his = self.both("which-one", given, given, "--items", items)
        self.assertEqual(hers["reveals"], {"pick": "rome"})
        she = self.ask("which-one", given, "--items", items, "--json")
        he = self.answer(she.code(), given, "--json", "--sheet", "which-one", "--items", items)
        self.assertEqual((she.end(), he.end()), (0, 0), (she.err, he.err))
        she = self.ask("which-one", given, "--items", items, "--json")
        he = self.answer(she.code(), ["not-now=yes"], "--json", "--sheet", "which-one")
        self.assert_ended(he, 7, "other-sheet")

    def test_the_other_person_sees_the_list_before_going_on(self):
        items = self.path("items.txt", "sea: A walk by the sea\nsoup: Soup for two\n")
        she = self.ask("common-ground", ["like.sea=yes", "like.soup=no", "most=one"], "--items", items, "--json")
        he = self.terminal("answer", "--relay", self.relay.url, she.code())
        he.expect("The list wishes, the same for you both.*A walk by the sea.*Soup for two")
        he.expect("Enter to go on")
        he.type("")
        he.expect("Would you like this")
        self.choose(he, 2, 1, 1) # maybe, no, one thing
        self.choose(he, 1) # that is right
        he.expect("A walk by the sea")
        self.assertEqual(he.end(), 0)
        self.assertEqual(she.event("outcome")["reveals"], {"items": ["sea"]})

    def test_several_lists_in_one_file(self):
        sheet = self.path("two.tacit", "title Two lists\nlist days, yours to change\n  a: A\n"
                          "list places, yours to change\n  b: B\nask each days day: Which day?\n  yes or no\n"
                          "ask each places place: Where?\n  yes or no\noutcome go: Go.\n"
                          "  when any of days where both (day is yes) and any of places where both (place is yes)\n"
                          "outcome stay: Stay.\n  otherwise\n")
        items = self.path("items.txt", "list places\nsea: The sea\nhills: The hills\nlist days\nsat: Saturday\n")
        given = ["day.sat=yes", "place.sea=yes", "place.hills=no"]
        hers, his = self.both(sheet, given, given, "--items", items)
        self.assertEqual(hers["id"], "go")
        bad = self.path("bad.txt", "sea: The sea\n")
        run = self.run_tacit("show", sheet, "--items", bad)
        self.assertEqual(run.end(), 3)
        self.assert_says(run, r"bad\.txt:1:1: error: this sheet has several lists to change")

    def test_the_largest_list_runs_over_the_relay_and_in_practice(self):
        """Ten things to divide: 57,000 ANDs, flights of several megabytes."""
        items = self.path("items.txt", "".join(f"i{k}: Thing number {k}\n" for k in range(10)))
        given = ["points=" + ", ".join(f"i{k}=10" for k in range(10))]
        hers, his = self.both("share-out", given, given, "--items", items)
        self.assertEqual((hers["id"], his["id"]), ("split", "split"))
        both = self.path("answers.txt", given[0])
        tried = self.run_tacit("try", "share-out", "--items", items, "--first", both, "--second", both)
        self.assertEqual(tried.end(), 0, tried.err)

    def test_wrong_items_are_shown_in_their_own_file(self):
        items = self.path("items.txt", "rome: Rome\nparis Paris\noslo: Oslo\n")
        run = self.run_tacit("show", "which-one", "--items", items)
        self.assertEqual(run.end(), 3)
        self.assertRegex(run.errors(), r"items\.txt:2:1: error: [^\n]*\n    2 \| paris Paris\n      \| \^")
        run = self.run_tacit("show", "last-night", "--items", items)
        self.assertEqual(run.end(), 3)

    def test_wrong_answers_about_lists(self):
        for sheet, given in (("share-out", ["points=sofa=40, bike=61"]), ("share-out", ["points.sofa=101"]),
                             ("share-out", ["points.sofaa=1"]), ("two-founders", FOUNDERS[:1] + ["ready=yes"]),
                             ("two-founders", ["could=sell", *FOUNDERS[1:]]),
                             ("two-founders", ["rank=sell, sell, close, together, first-leads",
                                               FOUNDERS[0], "ready=yes"]),
                             ("two-founders", [FOUNDERS[0], "rank=sell", "ready=yes"]),
                             ("which-one", ["feel=like"])):
            she = self.ask(sheet, given, relay="http://127.0.0.1:1")
            self.assertEqual(she.end(), 2, given)

    def choose(self, terminal, *lines):
        for line in lines:
            terminal.expect(r"and Enter: |\n> ")
            terminal.type(str(line))

    def begin(self, sheet):
        one = self.terminal("try", sheet)
        for _ in range(2): # the sheet, and who one is
            one.expect("Enter to go on")
            one.type("")
        return one

    def next_person(self, one):
        one.expect("Now you are the second")
        one.expect("Enter to go on")
        one.type("")

    def test_points_asked_at_a_terminal(self):
        one = self.begin("share-out")
        self.choose(one, 40, 30, 20, 5)
        one.expect("5 points are left")
        self.choose(one, "x", 6, 0) # no number, then one too many
        one.expect("Still to mend")
        self.choose(one, 7, 5) # change the table: 5
        one.expect("The table and chairs: 5")
        self.choose(one, 1)
        self.next_person(one)
        self.choose(one, 0, "b", 10, 20, 30, 40, 0, 0, 1)
        one.expect("Here is a fair way to share it out.*Here is a fair way")
        self.assertEqual(one.end(), 0)

    def test_subsets_and_rankings_asked_at_a_terminal(self):
        one = self.begin("two-founders")
        for person in range(2):
            self.choose(one, 1, 4, 6) # together, sell, that is all
            self.choose(one, 4, 1, 1, 1) # sell first, then the list's order
            self.choose(one, 1)
            one.expect("Sell it together, Carry on together")
            self.choose(one, 1)
            if person == 0:
                self.next_person(one)
        one.expect("Sell it together.*Sell it together")
        self.assertEqual(one.end(), 0)

    def test_one_answer_an_item_and_not_now_in_the_middle(self):
        one = self.begin("which-one")
        self.choose(one, 1, 2, "b", 1, 1, 1, 1, 1)
        self.next_person(one)
        self.choose(one, 1, 4) # not now, at the second item
        one.expect("You say: not now")
        self.choose(one, 1)
        one.expect("Not now\\..*Not now\\.")
        self.assertEqual(one.end(), 0)


if __name__ == "__main__":
    two_people.main()
