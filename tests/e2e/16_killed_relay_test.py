# SPDX-License-Identifier: ISC
"""A relay that is killed and started again, with real programs: at every frame, and at random moments."""
import os
import random
import signal
import sys
import threading
import time

import two_people
from two_people import TALK, Wire

# Of the storm.  The sanitizers make a start of the relay five times as slow.
KILLS = int(os.environ.get("KILLS", "40" if os.environ.get("TACIT_BINARY_DIR", "").endswith("sanitize")
                           else "200"))
LANES = 3


class Watched(Wire):
    """A wire that says when so many frames have come to its device."""

    def __init__(self, port, frames, then):
        self.frames, self.then, self.seen = frames, then, 0
        super().__init__(port)

    def _copy(self, source, to, log, most):
        if any(log is one for one in self.down):
            threading.Thread(target=self._watch, args=(log,), daemon=True).start()
        super()._copy(source, to, log, most)

    def _watch(self, log):
        while self.open and self.then is not None:
            if sum(one[0] == 0x83 for one in self.messages(bytearray(log))) >= self.frames:
                then, self.then = self.then, None
                if then is not None:
                    then()
            time.sleep(0.001)


class AKilledRelay(two_people.TwoPeople):
    def setUp(self):
        super().setUp()
        self.state = self.path("relay.db")
        self._relay = self.keep(two_people.Relay("--state", self.state))
        self.port = self._relay.port
        self.kills, self.pairs = 0, []

    def kill_relay(self):
        """kill -9, and a new one on the same port and file."""
        self._relay.process.signal(signal.SIGKILL)
        self._relay.process.end()
        self._relay = self.keep(two_people.Relay("--state", self.state, port=self.port))
        self.kills += 1

    def assert_same(self, she, he):
        self.assertEqual((she.end(), he.end()), (0, 0), (she.out, she.err, he.out, he.err))
        self.assertEqual(she.event("outcome")["id"], "talk", she.out)
        self.assertEqual(he.event("outcome")["id"], "talk", he.out)

    def test_at_every_frame_to_either_device(self):
        for who in range(2):
            frames = 1
            while True:
                done = threading.Event()

                def kill(done=done):
                    self.kill_relay()
                    done.set()

                wire = self.keep(Watched(self.port, frames, kill))
                urls = [wire.url, self.relay.url] if who == 0 else [self.relay.url, wire.url]
                she = self.ask("try-again", TALK, "--json", relay=urls[0])
                he = self.answer(she.code(), TALK, "--json", relay=urls[1])
                self.assert_same(she, he)
                killed = wire.then is None
                wire.then = None
                if not killed: # there is no such frame any more
                    break
                self.assertTrue(done.wait(two_people.PATIENCE))
                frames += 1
            self.assertGreater(frames, 4)

    def meet(self, lane, storm, failures):
        """Two at a time, one pair after the other, as long as the storm lasts."""
        pairs = 0
        try:
            while not storm.is_set():
                she = self.again(lambda: self.ask("try-again", TALK, "--json"),
                                 lambda run: run.code())
                code = she.code()
                he = self.again(lambda: self.answer(code, TALK, "--json"),
                                lambda run: run.line('"paired"'))
                self.assert_same(she, he)
                pairs += 1
                self.pairs.append(lane)
        except Exception as error: # pylint: disable=broad-except
            failures.append((lane, pairs, error))

    def again(self, start, ready):
        """A first call that finds no relay is an end that is said, and costs nothing: once more."""
        for _ in range(50):
            run = start()
            try:
                ready(run)
                return run
            except AssertionError:
                self.assert_ended(run, 4, "relay-unreachable")
        raise AssertionError("the relay was never there")

    def test_at_random_moments(self):
        seed = random.randrange(1 << 32)
        draw = random.Random(seed)
        storm, failures = threading.Event(), []
        lanes = [threading.Thread(target=self.meet, args=(lane, storm, failures)) for lane in range(LANES)]
        for lane in lanes:
            lane.start()
        while self.kills < KILLS and not failures:
            time.sleep(draw.uniform(0.0, 0.25))
            self.kill_relay()
        storm.set()
        for lane in lanes:
            lane.join()
        self.assertEqual(failures, [], f"seed {seed}, after {self.kills} kills")
        self.assertGreaterEqual(len(self.pairs), LANES)
        print(f"{self.kills} kills, {len(self.pairs)} pairs ... ", end="", file=sys.stderr)


if __name__ == "__main__":
    two_people.main()
