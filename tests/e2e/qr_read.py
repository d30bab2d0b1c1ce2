# SPDX-License-Identifier: ISC
"""Reads a QR code of versions 1 to 6, byte mode, as ISO/IEC 18004 has it: what a phone does, less the
camera.  It corrects no errors, so that none may be there."""

MASKS = (lambda r, c: (r + c) % 2, lambda r, c: r % 2, lambda r, c: c % 3, lambda r, c: (r + c) % 3,
         lambda r, c: (r // 2 + c // 3) % 2, lambda r, c: r * c % 2 + r * c % 3,
         lambda r, c: (r * c % 2 + r * c % 3) % 2, lambda r, c: ((r + c) % 2 + r * c % 3) % 2)
LEVEL_M = 0b00
FORMAT_MASK = 0b101010000010010


def is_function(side, row, column):
    """Finders with format bits, timing, and the one alignment pattern of versions 2 to 6."""
    near, far = 8, side - 8
    if (row <= near and (column <= near or column >= far)) or (row >= far and column <= near):
        return True
    if row == 6 or column == 6:
        return True
    middle = side - 7
    return side > 21 and abs(row - middle) <= 2 and abs(column - middle) <= 2


def bits(modules, mask):
    """The data bits in their order: two columns at a time, up and down, from the right."""
    side = len(modules)
    upwards = True
    column = side - 1
    while column > 0:
        if column == 6:
            column -= 1
        for step in range(side):
            row = side - 1 - step if upwards else step
            for at in (column, column - 1):
                if not is_function(side, row, at):
                    yield modules[row][at] ^ (MASKS[mask](row, at) == 0)
        upwards = not upwards
        column -= 2


def read(modules):
    """modules: rows of 0 and 1, without the margin.  Gives the text."""
    side = len(modules)
    assert side in (21, 25, 29), f"{side} modules: versions 1 to 3 have all data in one block"
    for row, column in ((0, 0), (0, side - 7), (side - 7, 0)):
        corner = ["".join(str(int(bit)) for bit in modules[row + i][column:column + 7]) for i in range(7)]
        assert corner == ["1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111"]
    first = 0
    for column in (0, 1, 2, 3, 4): # two bits of level, three of mask, masked themselves
        first = first << 1 | modules[8][column]
    first ^= FORMAT_MASK >> 10
    assert first >> 3 == LEVEL_M
    stream = bits(modules, first & 7)

    def take(count):
        value = 0
        for _ in range(count):
            value = value << 1 | next(stream)
        return value

    assert take(4) == 0b0100, "bytes"
    return bytes(take(8) for _ in range(take(8))).decode()
