# SPDX-License-Identifier: ISC
"""A relay that does not keep to its word."""
import socket
import threading
import time

import two_people
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
                with lock: # what came so far ends with a message: the other person is silent now
                    frames = [one for one in self.messages(down) if one[0] == 0x83]
                    if frames:
                        size = len(frames[0]).to_bytes(2, "big")
                        device.sendall(b"\x82\x7e" + size + frames[0] + self.PEER_JOINED)
                        self.repeats += 1
        except OSError:
            pass


class TheLyingRelay(two_people.TwoPeople):
    def test_repeats_prolong_no_wait(self):
        echo = self.keep(Echo(self.relay.port))
        she = self.ask("try-again", TALK, "--json", "--within", "4s", relay=echo.url)
        he = self.terminal("answer", "--relay", self.relay.url, she.code())
        he.expect("The rule")
        met = time.monotonic()
        self.assertEqual(she.end(), 0)
        self.assertEqual(she.event("outcome")["id"], "leave-it")
        self.assertLess(time.monotonic() - met, 30)
        self.assertGreater(echo.repeats, 5)


if __name__ == "__main__":
    two_people.main()
