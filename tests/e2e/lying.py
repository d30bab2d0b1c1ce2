# SPDX-License-Identifier: ISC
"""Somebody between a device and a relay who changes what the relay says."""
import socket

from two_people import Wire


VERDICT = 0x89
NOW = {0x81: 5, 0x82: 17, 0x87: 1} # OPENED, JOINED, RESUMED: where the relay's time stands
DAY_MS = 24 * 3600 * 1000


def clock(ms):
    """What changes the relay's time by so much."""
    def change(message):
        at = NOW[message[0]]
        now = int.from_bytes(message[at:at + 8], "little") + ms
        return message[:at] + now.to_bytes(8, "little") + message[at + 8:]
    return change


class Changed(Wire):
    """A wire that changes messages of some kinds on their way to the device."""

    def __init__(self, port, change, kinds=(VERDICT,)):
        self.change = change # of a whole message
        self.kinds = kinds
        super().__init__(port)

    def _copy(self, source, to, log, most):
        if not any(log is one for one in self.down):
            super()._copy(source, to, log, most)
            return
        rest, head = b"", True
        try:
            while piece := source.recv(65536):
                rest += piece
                if head and b"\r\n\r\n" in rest:
                    at = rest.index(b"\r\n\r\n") + 4
                    to.sendall(rest[:at])
                    rest, head = rest[at:], False
                while not head and (whole := self._first(rest)):
                    size, message = whole
                    to.sendall(rest[:size] if message is None else self._frame(self.change(message)))
                    rest = rest[size:]
            to.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def _first(self, rest):
        """The size of the first piece, and the message if it is to be changed."""
        if len(rest) < 2:
            return None
        start, size = 2, rest[1] & 127
        if size >= 126:
            start = 4 if size == 126 else 10
            size = int.from_bytes(rest[2:start], "big")
        if len(rest) < start + size:
            return None
        message = rest[start:start + size]
        return start + size, message if rest[0] == 0x82 and message[:1] and message[0] in self.kinds else None

    @staticmethod
    def _frame(message):
        if len(message) < 126:
            return bytes([0x82, len(message)]) + message
        return b"\x82\x7e" + len(message).to_bytes(2, "big") + message
