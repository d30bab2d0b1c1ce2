#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""The strings of docs/PROTOCOL.md that the prototype does not have, from hashlib alone:
python3 session.py > session.txt"""
import hashlib


def HASH(tag, *fields):
    h = hashlib.blake2b(digest_size=32)
    h.update(bytes([len(tag)]) + tag.encode())
    for field in fields:
        h.update(len(field).to_bytes(8, "little") + field)
    return h.digest()


def fixed(name, bytes_):
    return HASH("kat", b"session", name.encode())[:bytes_]


nonce, room, program = fixed("nonce", 32), fixed("room", 16), fixed("program", 32)
text = b"title Both\n"
sheet = HASH("sheet", text, b"", (1).to_bytes(4, "little") + bytes([3]), program)
lines = {"nonce": nonce, "room": room, "program": program, "text": text, "sheet": sheet}
for person in (0, 1):
    lines[f"veil.sheet.{person}"] = HASH("veil-sheet", nonce, sheet, bytes([person]))
lines["veil.program"] = HASH("veil-prog", nonce, program)
lines["params"] = bytes([4, 40, 48, 0, 3])
lines["sid"] = HASH("sid", b"2pc/1", room, lines["veil.sheet.1"], lines["veil.program"], bytes([0, 1]),
                    lines["params"])
lines["params.escrow"] = bytes([4, 64, 64, 2, 3])
lines["sid.escrow"] = HASH("sid", b"2pc/1", room, lines["veil.sheet.1"], lines["veil.program"], bytes([0, 1]),
                           lines["params.escrow"])
lines["qid"] = HASH("q", lines["sid"], text, (0).to_bytes(4, "little"))
print("# Made by session.py; the formulas are those of docs/PROTOCOL.md.")
for key, value in lines.items():
    print(f"{key} = {value.hex()}")
