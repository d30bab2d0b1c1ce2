# SPDX-License-Identifier: ISC
"""The night that tacit is for: she hopes, he is angry and has drunk; both see the same no, she alone
sees a kind word, and nothing anywhere tells why.  The wire is listened to as well."""
import two_people
from two_people import Wire, answers

HERS = ["ending=hope", "tonight=wanted", "tomorrow=fine", "drink=little", "slept=same"]
HIS = ["ending=ready", "tonight=anger", "tomorrow=fine", "drink=more", "slept=same"]


class TheNight(two_people.TwoPeople):
    def night(self, hers, his, *more):
        she = self.ask("last-night", hers, *more)
        he = self.answer(she.code(), his, *more)
        self.assertEqual((she.end(), he.end()), (0, 0), (she.err, he.err))
        return she, he

    def test_both_see_not_tonight_and_she_alone_the_note_about_hope(self):
        she, he = self.night(HERS, HIS)
        for person in (she, he):
            self.assertIn("Not tonight", person.text())
        self.assertIn("fiery limbo", she.text())
        self.assertIn("For you alone", she.text())
        self.assertNotIn("fiery limbo", he.text())

    def test_his_notes_are_his_alone(self):
        she, he = self.night(HERS, HIS, "--json")
        hers = [event["text"] for event in she.events() if event["event"] == "note"]
        his = [event["text"] for event in he.events() if event["event"] == "note"]
        self.assertEqual(len(hers), 1)
        self.assertEqual(len(his), 2) # anger, drink
        self.assertFalse(set(hers) & set(his))

    def test_the_outcome_is_the_same_whatever_the_reason(self):
        """What he sees must not depend on which of her answers made it a no, nor hers on his."""
        seen = set()
        for hers in (HERS, ["not-now=yes"],
                     ["ending=unsure", "tonight=unsure", "tomorrow=hurt", "drink=more", "slept=wait"]):
            she, he = self.night(hers, HIS, "--json")
            seen.add(str(he.event("outcome")))
            seen.add(str(she.event("outcome")))
        self.assertEqual(len(seen), 1, seen)

    def test_nothing_that_was_answered_crosses_the_wire(self):
        wire = self.keep(Wire(self.relay.port))
        she = self.ask("last-night", HERS, relay=wire.url)
        code = she.code()
        he = self.answer(code, HIS, relay=wire.url)
        self.assertEqual((she.end(), he.end()), (0, 0), (she.err, he.err))
        heard = b"".join(message for log in wire.up + wire.down for message in wire.messages(log))
        heard += b"".join(bytes(log) for log in wire.up + wire.down)
        self.assertGreater(len(heard), 50000) # it did listen
        _, first, second = code.split("-")
        words = [first, second, "ending", "ready", "hope", "tonight", "wanted", "anger", "drink",
                 "last-night", "One last night", "not-tonight", "same-way", "limbo"]
        for word in words:
            self.assertNotIn(word.encode(), heard, word)
        fingerprint = two_people.Run("show", "last-night", "--json")
        shown = fingerprint.events()[0]["fingerprint"]
        fingerprint.kill()
        self.assertNotIn(bytes.fromhex(shown), heard)
        self.assertNotIn(shown.encode(), heard)

    def test_the_sizes_on_the_wire_are_the_same_for_all_answers(self):
        sizes = set()
        for hers, his in ((HERS, HIS), (two_people.NIGHT, two_people.NIGHT), (["not-now=yes"], HIS)):
            wire = self.keep(Wire(self.relay.port))
            she = self.ask("last-night", hers, relay=wire.url)
            he = self.answer(she.code(), his, relay=wire.url)
            self.assertEqual((she.end(), he.end()), (0, 0), (she.err, he.err))
            # TAKEN (0x07) says how many messages a device has taken; it falls between two of these or
            # after them, as the network has it.
            sizes.add(str([[len(message) for message in wire.messages(log) if message[0] != 0x07]
                           for log in wire.up]))
        self.assertEqual(len(sizes), 1, sizes)

    def test_neither_device_keeps_anything(self):
        self.night(HERS, HIS)
        tries = two_people.os.path.join(self.folder, "state", "tacit", "tries")
        for folder, _, files in two_people.os.walk(self.folder):
            for name in files:
                with open(two_people.os.path.join(folder, name), "rb") as file:
                    held = file.read()
                for word in (b"hope", b"anger", b"night", b"wanted"):
                    self.assertNotIn(word, held, name)
        self.assertFalse(two_people.os.path.exists(tries)) # nobody guessed, so nothing to count

    def test_practice_shows_the_same(self):
        hers = self.path("hers.txt", "\n".join(HERS))
        his = self.path("his.txt", "\n".join(HIS))
        both = self.run_tacit("try", "last-night", "--first", hers, "--second", his)
        self.assertEqual(both.end(), 0, both.err)
        self.assertEqual(both.text().count("Not tonight."), 2)
        self.assertEqual(both.text().count("fiery limbo"), 1)


if __name__ == "__main__":
    two_people.main()
