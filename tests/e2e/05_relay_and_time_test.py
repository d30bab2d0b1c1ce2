# SPDX-License-Identifier: ISC
"""The relay missing, lost, or something else; the other person missing, late, or gone; signals."""
import signal
import socket
import threading
import time

import two_people
from two_people import TALK, Stranger, Wire


class Elsewhere:
    """A server on a port that answers every call with the same bytes."""

    def __init__(self, says):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.says = says
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                caller, _ = self.listener.accept()
                caller.recv(4096)
                caller.sendall(self.says)
                caller.close()
            except OSError:
                return

    def kill(self):
        self.listener.close()


class TheRelay(two_people.TwoPeople):
    def test_no_relay_there(self):
        with socket.create_server(("127.0.0.1", 0)) as free:
            url = f"http://127.0.0.1:{free.getsockname()[1]}"
        she = self.ask("try-again", TALK, "--json", relay=url)
        self.assert_ended(she, 4, "relay-unreachable")
        self.assert_says(she, "tacit serve")

    def test_something_else_there(self):
        for says in (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
                     b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"):
            other = self.keep(Elsewhere(says))
            she = self.ask("try-again", TALK, "--json", relay=other.url)
            self.assert_ended(she, 4, "not-a-relay")

    def test_something_there_that_is_not_even_of_the_web(self):
        for says in (b"220 mail.invalid ESMTP\r\n", b"\0\xff" * 300, b""):
            other = self.keep(Elsewhere(says))
            she = self.ask("try-again", TALK, relay=other.url)
            self.assertEqual(she.end(), 4)
            self.assert_says(she, "tacit relay", "Nothing was revealed")

    def test_what_is_no_address_is_said_before_anything_else(self):
        for url in ("ftp://example.invalid", "example.invalid:99999999", "http://", "\x1b[2Jhttp://x"):
            she = self.ask("try-again", TALK, "--json", relay=url)
            self.assertEqual(she.end(), 2, url)
            self.assertNotIn("\x1b", she.errors())

    def test_a_relay_that_is_killed_while_waiting(self):
        she = self.ask("try-again", TALK, "--json", "--timeout", "3s")
        she.code()
        self.relay.process.signal(signal.SIGKILL)
        self.assertIn(she.end(), (4, 5)) # it is called again and again; then the time is over
        self.assertFalse(she.event("ended")["revealed"])

    def test_a_relay_that_is_killed_and_comes_back_has_lost_nothing(self):
        """At each moment of a session: the state is on the disk, and both lines are made again."""
        state = self.path("relay.db")
        first = self.keep(two_people.Relay("--state", state))
        for delay in (0.0, 0.02, 0.05, 0.1, 0.2):
            she = self.ask("try-again", TALK, "--json", relay=first.url)
            he = self.answer(she.code(), TALK, "--json", relay=first.url)
            he.line("paired")
            time.sleep(delay)
            first.process.signal(signal.SIGKILL)
            first.process.end()
            first = self.keep(two_people.Relay("--state", state, port=first.port))
            self.assertEqual((she.end(), he.end()), (0, 0), (delay, she.err, he.err))
            self.assertEqual(she.event("outcome")["id"], he.event("outcome")["id"])

    def test_a_relay_that_is_restarted_has_lost_nothing(self):
        state = self.path("relay.db")
        first = self.keep(two_people.Relay("--state", state))
        she = self.ask("try-again", TALK, "--json", relay=first.url)
        code = she.code()
        first.process.signal(signal.SIGTERM)
        self.assertEqual(first.process.end(), 0)
        second = self.keep(two_people.Relay("--state", state, port=first.port))
        he = self.answer(code, TALK, "--json", relay=second.url)
        self.assertEqual((she.end(), he.end()), (0, 0), (she.err, he.err))

    def test_a_state_that_cannot_be_used_is_said(self):
        """… and stays as it is."""
        self.path("text", "a file of somebody's\n" * 100)
        for path, says in ((self.path("text"), "not a file of this relay"),
                           (self.folder, "cannot be written"),
                           (self.path("none/relay.db"), "cannot be written")):
            relay = self.run_tacit("serve", "--listen", "127.0.0.1:0", "--state", path)
            self.assertEqual(relay.end(), 4, path)
            self.assertRegex(" ".join(relay.errors().split()), says)
        with open(self.path("text"), encoding="utf-8") as file:
            self.assertEqual(file.read(), "a file of somebody's\n" * 100)
        state = self.path("relay.db")
        self.keep(two_people.Relay("--state", state))
        second = self.run_tacit("serve", "--listen", "127.0.0.1:0", "--state", state)
        self.assertEqual(second.end(), 4)
        self.assertIn("in use by another relay", second.errors())

    def test_figures_are_counts_and_nothing_else(self):
        she = self.ask("try-again", TALK, "--json")
        code = she.code()
        he = self.answer(code, TALK, "--json")
        self.assertEqual((she.end(), he.end()), (0, 0), (she.err, he.err))
        self.relay.process.signal(signal.SIGUSR1)
        self.relay.process.signal(signal.SIGTERM)
        (line,) = [one for one in self.relay.process.errors().splitlines() if "callers" in one]
        self.assertRegex(line, r"^tacit( serve)?: callers \d+, rooms \d+, asleep \d+, bytes waiting \d+, "
                               r"frames \d+, frame bytes \d+, deposits released 1, refused 0$")

    def test_a_relay_that_closes_says_so(self):
        she = self.ask("try-again", TALK, "--json")
        she.code()
        self.relay.process.signal(signal.SIGTERM)
        self.assertEqual(self.relay.process.end(), 0)
        self.assert_ended(she, 4, "relay-closing")

    def test_the_relay_may_be_named_in_the_environment(self):
        she = self.run_tacit("ask", "try-again", *two_people.answers(TALK),
                             env={"TACIT_RELAY": self.relay.url.replace("http", "ws")})
        he = self.answer(she.code(), TALK)
        self.assertIn(f"Link: {self.relay.url}/#", she.text())
        self.assertEqual((she.end(), he.end()), (0, 0))


class TheVeryEnd(two_people.TwoPeople):
    """On a relay that waits a second for a lost line, and no longer."""

    @property
    def relay(self):
        if self._relay is None:
            self._relay = self.keep(two_people.Relay("--away", "1"))
        return self._relay

    def meet(self, wire):
        she = self.ask("try-again", TALK, "--json", "--timeout", "6s", relay=wire.url)
        he = self.answer(she.code(), TALK, "--json")
        return she, he

    def test_frames_that_never_come_are_a_silence_until_the_agreed_time(self):
        for most in (3, 5):
            broken = self.keep(Wire(self.relay.port, frames_most=most))
            she = self.ask("try-again", TALK, "--json", "--within", "4s", relay=broken.url)
            he = self.answer(she.code(), TALK, "--json")
            for person in (she, he):
                self.assertEqual(person.end(), 0, person.err)
                self.assertEqual(person.event("outcome")["id"], "leave-it")

    def test_a_line_that_breaks_anywhere_is_made_again(self):
        wire = self.keep(Wire(self.relay.port))
        she, he = self.meet(wire)
        self.assertEqual((she.end(), he.end()), (0, 0))
        frames = [at for message, at in wire.placed_messages(wire.down[0]) if message[0] == 0x83]
        for at in (frames[-1], frames[-2], frames[2], frames[0] + 7):
            broken = self.keep(Wire(self.relay.port, down_most=at))
            she, he = self.meet(broken)
            self.assertEqual((she.end(), he.end()), (0, 0), (at, she.err, he.err))
            self.assertGreater(len(broken.down), 1)


class Time(two_people.TwoPeople):
    def test_nobody_comes(self):
        started = time.monotonic()
        she = self.ask("try-again", TALK, "--json", "--timeout", "1s")
        self.assert_ended(she, 5, "nobody-came")
        self.assertLess(time.monotonic() - started, 30)

    def test_somebody_comes_and_says_nothing(self):
        she = self.ask("try-again", TALK, "--json", "--timeout", "3s")
        self.keep(Stranger(self.relay.port, she.code().split("-")[0]))
        self.assert_ended(she, 5, "nobody-came")

    def test_a_wait_shows_that_it_is_one(self):
        """A program that asks nothing, on a terminal: a line that comes after a second, and goes."""
        she = self.terminal("ask", "try-again", "--relay", self.relay.url, "--timeout", "3s",
                            *two_people.answers(TALK), env={"TERM": "xterm"})
        she.expect("Waiting for the other person")
        she.expect("Nobody came")
        self.assertEqual(she.end(), 5)

    def test_a_time_that_is_none(self):
        for text in ("", "5", "5x", "m", "-5m", "0s", "31d", "99999999999s", "5m5m", "1.5h"):
            she = self.ask("try-again", TALK, "--timeout", text, relay="http://127.0.0.1:1")
            self.assertEqual(she.end(), 2, text)
            self.assert_says(she, "20s, 5m, 12h or 3d")


class Signals(two_people.TwoPeople):
    def test_stopping_while_waiting_for_somebody(self):
        for number, status, reason in ((signal.SIGINT, 130, "interrupted"),
                                       (signal.SIGTERM, 143, "terminated")):
            she = self.ask("try-again", TALK, "--json")
            she.code()
            she.signal(number)
            self.assert_ended(she, status, reason)

    def test_stopping_at_a_question(self):
        she = self.terminal("try", "try-again")
        she.expect("Enter to go on")
        she.process.send_signal(signal.SIGINT)
        self.assertEqual(she.end(), 130)

    def test_the_relay_ends_cleanly(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            relay = two_people.Relay()
            relay.process.signal(number)
            self.assertEqual(relay.process.end(), 0)
            relay.kill()


if __name__ == "__main__":
    two_people.main()
