# SPDX-License-Identifier: ISC
"""What the end-to-end tests share: a relay, `tacit` processes, a terminal, a wire that is listened to.

Every wait has a limit; every process started here is ended here.
"""
import base64
import json
import os
import pty
import re
import resource
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.dont_write_bytecode = True
TACIT = os.environ.get("TACIT", "build/normal/tacit")
SOURCE = os.environ.get("TACIT_SOURCE_DIR", os.getcwd())
PATIENCE = int(os.environ.get("PATIENCE", "60")) # seconds for anything at all; sanitizers are slow

TALK = ["choose=yes", "help=would", "free=yes", "press=no", "week=same"] # try-again: accepting
LEAVE = ["choose=no", "help=would", "free=yes", "press=no", "week=same"]
NIGHT = ["ending=ready", "tonight=goodbye", "tomorrow=fine", "drink=little", "slept=same"]


def answers(lines):
    """['q=v', …] as options."""
    return [part for line in lines for part in ("--answer", line)]


class Run:
    """One tacit process; what it says is read as it comes.  file_bytes: no file grows beyond that."""

    def __init__(self, *arguments, stdin="", env=None, program=None, file_bytes=None):
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))

        self.process = subprocess.Popen(
            [program or TACIT, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, env={**os.environ, "TERM": "dumb", **(env or {})},
            preexec_fn=None if file_bytes is None else limit)
        self.out, self.err = [], []
        self.threads = [
            threading.Thread(target=self._read, args=(self.process.stdout, self.out), daemon=True),
            threading.Thread(target=self._read, args=(self.process.stderr, self.err), daemon=True)]
        for thread in self.threads:
            thread.start()
        try:
            if stdin is not None:
                self.process.stdin.write(stdin)
                self.process.stdin.close()
        except BrokenPipeError:
            pass

    @staticmethod
    def _read(stream, lines):
        for line in stream:
            lines.append(line)

    def line(self, pattern):
        """Waits for a line of standard output that matches, and gives the match."""
        end = time.monotonic() + PATIENCE
        seen = 0
        while time.monotonic() < end:
            alive = self.process.poll() is None
            while seen < len(self.out):
                match = re.search(pattern, self.out[seen])
                seen += 1
                if match:
                    return match
            if not alive and seen == len(self.out):
                break
            time.sleep(0.01)
        raise AssertionError(f"no line {pattern!r} in {self.out}, and on stderr {self.err}")

    def code(self):
        return self.line(r'(?:Code: |"code":")([0-9]+-[a-z]+-[a-z]+)').group(1)

    def signal(self, number):
        self.process.send_signal(number)

    def end(self):
        """Waits for the end.  Gives the status."""
        status = self.process.wait(PATIENCE)
        for thread in self.threads:
            thread.join(PATIENCE)
        return status

    def text(self):
        self.end()
        return "".join(self.out)

    def errors(self):
        self.end()
        return "".join(self.err)

    def events(self):
        """The JSON objects of standard output."""
        return [json.loads(line) for line in self.text().splitlines()]

    def event(self, name):
        found = [event for event in self.events() if event.get("event") == name]
        assert len(found) == 1, f"{name}: {self.out} {self.err}"
        return found[0]

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.end()
        for stream in (self.process.stdout, self.process.stderr):
            stream.close()


class Relay:
    def __init__(self, *more, port=0):
        self.process = Run("serve", "--listen", f"127.0.0.1:{port}", "--json", *more)
        self.url = json.loads(self.process.line(r'\{"event":"listening".*').group(0))["url"].rstrip("/")
        self.port = int(self.url.rsplit(":", 1)[1])

    def kill(self):
        self.process.kill()


class Terminal:
    """tacit on a plain terminal (TERM=dumb): what it says, and what is typed."""

    def __init__(self, *arguments, env=None, rows=24, columns=80):
        self.master, slave = pty.openpty()
        import fcntl
        import struct
        import termios
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

        def take():
            os.setsid()
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)

        self.process = subprocess.Popen(
            [TACIT, *arguments], stdin=slave, stdout=slave, stderr=slave, preexec_fn=take,
            env={**os.environ, "TERM": "dumb", **(env or {})})
        os.close(slave)
        self.seen = ""
        self.at = 0

    def _read(self, seconds):
        ready, _, _ = select.select([self.master], [], [], seconds)
        if not ready:
            return True
        try:
            piece = os.read(self.master, 65536)
        except OSError: # the other end has gone
            return False
        self.seen += piece.decode("utf-8", "replace").replace("\r\n", "\n")
        return bool(piece)

    def expect(self, pattern):
        """Waits until something new matches; gives the match."""
        end = time.monotonic() + PATIENCE
        alive = True
        while True:
            match = re.compile(pattern, re.S).search(self.seen, self.at)
            if match:
                self.at = match.end()
                return match
            if not alive or time.monotonic() > end:
                raise AssertionError(f"{pattern!r} did not come after: …{self.seen[self.at - 200:]}")
            alive = self._read(0.2)

    def type(self, text):
        os.write(self.master, (text + "\n").encode())

    def end(self):
        end = time.monotonic() + PATIENCE
        while self._read(0.05) and time.monotonic() < end:
            pass
        status = self.process.wait(PATIENCE)
        return status

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(PATIENCE)
        os.close(self.master)


class Wire:
    """A relay's address that writes down every byte both ways and passes it on.  down_most: it breaks
    before it passes more than so many bytes of WebSocket to the device."""

    def __init__(self, port, down_most=None, frames_most=None):
        self.target = port
        self.frames_most = frames_most # to the device; then nobody is let through again
        self.down_most = down_most
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.up, self.down = [], [] # one bytearray a connection
        self.open = True
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while self.open:
            try:
                device, _ = self.listener.accept()
            except OSError:
                return
            try:
                relay = socket.create_connection(("127.0.0.1", self.target))
            except OSError: # nobody there just now: the device will call again
                device.close()
                continue
            self.up.append(bytearray())
            self.down.append(bytearray())
            for source, to, log, most in ((device, relay, self.up[-1], None),
                                          (relay, device, self.down[-1],
                                           self.down_most if len(self.down) == 1 else None)):
                threading.Thread(target=self._copy, args=(source, to, log, most), daemon=True).start()

    def _copy(self, source, to, log, most):
        try:
            while True:
                piece = source.recv(65536)
                if not piece:
                    break
                log += piece
                head = log.find(b"\r\n\r\n") + 4
                if most is not None and head >= 4 and len(log) > head + most:
                    keep = head + most - (len(log) - len(piece))
                    to.sendall(piece[:max(0, keep)])
                    break
                if any(log is one for one in self.down) and self.frames_most is not None and \
                        sum(one[0] == 0x83 for one in self.messages(log)) > self.frames_most:
                    self.open = False
                    self.listener.shutdown(socket.SHUT_RDWR) # also whoever waits in accept
                    break
                to.sendall(piece)
        except OSError:
            pass
        for end in (source, to):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def kill(self):
        self.open = False
        self.listener.close()

    def messages(self, log):
        """The WebSocket messages in one direction of one connection, unmasked."""
        return [message for message, _ in self.placed_messages(log)]

    @staticmethod
    def ws_frames(log):
        """The frames that are there as a whole: first byte, body unmasked, and where it begins and ends."""
        at = log.find(b"\r\n\r\n") + 4
        while at + 2 <= len(log):
            began, first, second = at, log[at], log[at + 1]
            size, at = second & 127, at + 2
            if size >= 126:
                width = 2 if size == 126 else 8
                size, at = int.from_bytes(log[at:at + width], "big"), at + width
            mask = b"\0\0\0\0"
            if second & 128:
                mask, at = log[at:at + 4], at + 4
            at += size
            if at > len(log):
                return
            yield first, bytes(byte ^ mask[i % 4] for i, byte in enumerate(log[at - size:at])), began, at

    def placed_messages(self, log):
        """The messages, each with the place behind the HTTP head where it begins."""
        head = log.find(b"\r\n\r\n") + 4
        whole, message, start = [], bytearray(), 0
        for first, body, began, _ in self.ws_frames(log):
            if first & 15 > 2:
                continue
            start = began - head if not message else start
            message += body
            if first & 128:
                whole.append((bytes(message), start))
                message = bytearray()
        return whole

    def ends_whole(self, log):
        """Does what came so far end with a message?"""
        last = list(self.ws_frames(log))[-1:]
        return bool(last) and last[0][0] & 128 != 0 and last[0][3] == len(log)


class Stranger:
    """Somebody who knows a room's number and nothing else: takes the seat and says what it likes."""

    def __init__(self, port, number):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            f"GET /relay HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
            .encode())
        answer = b""
        while b"\r\n\r\n" not in answer:
            byte = self.socket.recv(1)
            assert byte, answer
            answer += byte
        assert b" 101 " in answer, answer
        self.say(bytes([2, 2]) + int(number).to_bytes(4, "little") + os.urandom(16))
        self.socket.recv(2) # JOINED, or a refusal

    def say(self, body):
        mask = os.urandom(4)
        size = bytes([128 | len(body)]) if len(body) < 126 else \
            bytes([128 | 126]) + len(body).to_bytes(2, "big")
        self.socket.sendall(bytes([130]) + size + mask +
                            bytes(byte ^ mask[i % 4] for i, byte in enumerate(body)))

    def kill(self):
        """Leaves for good.  What was not read yet would turn the close into a reset, which may overtake BYE;
        a line without BYE is one that may come back, and keeps its seat."""
        try:
            self.say(b"\x04") # BYE
            self.socket.shutdown(socket.SHUT_WR)
            self.socket.settimeout(2)
            while self.socket.recv(65536):
                pass
        except OSError:
            pass
        self.socket.close()


class TwoPeople(unittest.TestCase):
    """Each test has a folder and a relay of its own; what it starts is ended after it."""

    def setUp(self):
        self.started = []
        self.folder = tempfile.mkdtemp(prefix="tacit-e2e-")
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.addCleanup(self.end_all)
        self.env = {"XDG_STATE_HOME": os.path.join(self.folder, "state"), "TACIT_RELAY": ""}
        self._relay = None

    def end_all(self):
        for one in reversed(self.started):
            one.kill()

    def keep(self, one):
        self.started.append(one)
        return one

    @property
    def relay(self):
        if self._relay is None:
            self._relay = self.keep(Relay())
        return self._relay

    def path(self, name, text=None):
        path = os.path.join(self.folder, name)
        if text is not None:
            with open(path, "wb" if isinstance(text, bytes) else "w") as file:
                file.write(text)
        return path

    def run_tacit(self, *arguments, **more):
        env = {**self.env, **more.pop("env", {})}
        return self.keep(Run(*arguments, env=env, **more))

    def ask(self, sheet, given, *more, relay=None):
        return self.run_tacit("ask", sheet, "--relay", relay or self.relay.url, *answers(given), *more)

    def answer(self, code, given, *more, relay=None, env=None):
        return self.run_tacit("answer", "--relay", relay or self.relay.url, *answers(given), *more,
                              stdin=code + "\n", env=env or {})

    def terminal(self, *arguments, **more):
        return self.keep(Terminal(*arguments, env={**self.env, **more.pop("env", {})}, **more))

    def assert_says(self, run, *patterns):
        said = re.sub(r"\s+", " ", run.errors())
        for pattern in patterns:
            self.assertRegex(said, pattern)

    def assert_ended(self, run, status, reason, revealed=False):
        """A --json run that ended so."""
        self.assertEqual(run.end(), status, run.out + run.err)
        event = run.event("ended")
        self.assertEqual(event["reason"], reason)
        self.assertEqual(event["revealed"], revealed)
        if not revealed:
            self.assert_says(run, "Nothing was revealed")


def other_code(code):
    """The same number and another pair of words."""
    number, first, second = code.split("-")
    return f"{number}-{second}-{first}" if first != second else f"{number}-{first}-acorn"


def main():
    signal.signal(signal.SIGINT, signal.default_int_handler)
    unittest.main(verbosity=2)
