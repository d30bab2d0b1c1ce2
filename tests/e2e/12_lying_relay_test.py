# SPDX-License-Identifier: ISC
"""A relay that does not keep to its word."""
import glob
import os
import re
import socket
import stat
import threading
import time

import two_people
from lying import DAY_MS, NOW, Changed, clock
from two_people import TALK, Wire


class Echo(Wire):
    """A wire that says the first frame of the relay again and again, and PEER_JOINED."""

    PEER_JOINED = b"\x82\x01\x84"

    def __init__(self, port):
        super().__init__(port)
        self.repeats = 0

    def _accept(self):
        try:
            device, _ = self.listener.accept()
            relay = socket.create_connection(("127.0.0.1", self.target))
        except OSError:
            return
        down = bytearray()
        lock = threading.Lock()
        threading.Thread(target=self._copy, args=(device, relay, bytearray(), None), daemon=True).start()
        threading.Thread(target=self._repeat, args=(device, down, lock), daemon=True).start()
        try:
            while piece := relay.recv(65536):
                with lock:
                    down += piece
                    device.sendall(piece)
        except OSError:
            pass

    def _repeat(self, device, down, lock):
        try:
            while self.open:
                time.sleep(0.2)
                with lock:
                    frames = [one for one in self.messages(down) if one[0] == 0x83]
                    if frames and self.ends_whole(down):
                        size = len(frames[0]).to_bytes(2, "big")
                        device.sendall(b"\x82\x7e" + size + frames[0] + self.PEER_JOINED)
                        self.repeats += 1
        except OSError:
            pass


class TheLyingRelay(two_people.TwoPeople):
    def evidence(self):
        return sorted(glob.glob(os.path.join(self.folder, "state", "tacit", "evidence", "*")))

    def lied_to(self, change, status, reason):
        """He is lied to; she is told the truth.  Gives what he is told, and what is kept of it."""
        wire = self.keep(Changed(self.relay.port, change))
        she = self.ask("try-again", TALK, "--json")
        he = self.answer(she.code(), TALK, "--json", relay=wire.url)
        self.assertEqual(she.end(), 0, she.err)
        self.assert_ended(he, status, reason, revealed="maybe")
        said = re.sub(r"\s+", "", he.errors()) # a path may be cut at the end of a line
        (file,) = self.evidence()
        self.assertIn(file, said)
        self.assertEqual(stat.S_IMODE(os.stat(file).st_mode), 0o600)
        with open(file, encoding="utf-8") as kept:
            text = kept.read()
        self.assertLess(len(text), 25000)
        self.assertIn(wire.url, text)
        for word in ("talk", "choose", "Leave it"): # nothing of the answers or the sheet
            self.assertNotIn(word, text)
        return text

    def test_a_relay_that_gives_the_outcome_to_one_only_leaves_evidence(self):
        text = self.lied_to(lambda message: message[:5] + b"\0", 6, "told-one")
        self.assertRegex(text, r"verdict +refused\n")
        self.assertRegex(text, r"frame after it +[0-9a-f]{100,}\n")
        self.assertRegex(text, r"deposit left +\d+ bytes, BLAKE2b-256 [0-9a-f]{64}\n")

    def test_a_relay_that_hands_over_something_else_leaves_evidence(self):
        text = self.lied_to(lambda message: message[:6] + bytes([message[6] ^ 1]) + message[7:], 6, "relay-wrong")
        self.assertRegex(text, r"verdict +released [0-9a-f]{1000,}\n")

    def test_a_clock_that_was_set_while_two_met(self):
        """Ahead by a day: it is said.  Back by a day: the time is longer, which is said, and nothing else."""
        wire = self.keep(Changed(self.relay.port, clock(DAY_MS), NOW))
        she = self.ask("try-again", TALK, "--json", "--within", "6s")
        he = self.answer(she.code(), TALK, "--json", relay=wire.url)
        self.assert_ended(he, 4, "clock")
        self.assertEqual(she.end(), 0, she.err)
        self.assertEqual(she.event("outcome")["id"], "leave-it")
        wire.change = clock(-DAY_MS)
        she = self.ask("try-again", TALK, "--json", "--within", "20s")
        he = self.answer(she.code(), TALK, "--json", relay=wire.url)
        self.assertEqual((she.end(), he.end()), (0, 0), (she.err, he.err))
        self.assertEqual(she.event("outcome")["id"], "talk")
        self.assertEqual(he.event("outcome")["id"], "talk")

    def test_evidence_is_bounded(self):
        folder = os.path.join(self.folder, "state", "tacit", "evidence")
        os.makedirs(folder)
        for i in range(20):
            self.path(f"state/tacit/evidence/20200101-0000{i:02}-00000000.txt", "old")
        self.path("state/tacit/evidence/notes-of-my-own.txt", "mine")
        wire = self.keep(Changed(self.relay.port, lambda message: message[:5] + b"\0"))
        she = self.ask("try-again", TALK, "--json")
        he = self.answer(she.code(), TALK, "--json", relay=wire.url)
        self.assert_ended(he, 6, "told-one", revealed="maybe")
        names = [os.path.basename(one) for one in self.evidence()]
        self.assertEqual(len(names), 17)
        self.assertIn("notes-of-my-own.txt", names)
        self.assertNotIn("20200101-000004-00000000.txt", names)
        self.assertIn("20200101-000005-00000000.txt", names)

    def test_repeats_prolong_no_wait(self):
        echo = self.keep(Echo(self.relay.port))
        she = self.ask("try-again", TALK, "--json", "--within", "4s", relay=echo.url)
        he = self.terminal("answer", "--relay", self.relay.url, she.code())
        he.expect("The rule")
        met = time.monotonic()
        self.assertEqual(she.end(), 0, (she.out, she.err))
        self.assertEqual(she.event("outcome")["id"], "leave-it")
        self.assertLess(time.monotonic() - met, 30)
        self.assertGreater(echo.repeats, 5)


if __name__ == "__main__":
    two_people.main()
