#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""curve.py > curve.txt — ristretto255 from RFC 9496 in plain integers: what src/crypto/curve.h must give.

Nothing here was made from the C: points are affine, the addition is the curve's law with its
divisions, and a multiplication adds bit by bit.
"""
import hashlib

P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
SQRT_M1 = 19681161376707505956807079304988542015446066515923890162744021073123829784752
SQRT_AD_MINUS_ONE = 25063068953384623474111414158702152701244531502492656460079210482610430750235
INVSQRT_A_MINUS_D = 54469307008909316920995813868745141605393597292927456921205312896311721017578
BASE = bytes.fromhex("e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76")


def inverse(v):
    return pow(v, P - 2, P)


def absolute(v):
    return P - v if v % 2 else v


def sqrt_ratio(u, v):
    r = u * v**3 * pow(u * v**7, (P - 5) // 8, P) % P
    check = v * r * r % P
    if check in (-u % P, -u * SQRT_M1 % P):
        r = r * SQRT_M1 % P
    return check in (u % P, -u % P), absolute(r)


def decode(data):
    s = int.from_bytes(data, "little")
    if s >= P or s % 2:
        return None
    u1, u2 = (1 - s * s) % P, (1 + s * s) % P
    v = (-D * u1 * u1 - u2 * u2) % P
    square, root = sqrt_ratio(1, v * u2 * u2 % P)
    x = absolute(2 * s * root * u2 % P)
    y = u1 * root * root * u2 * v % P
    return (x, y) if square and x * y % P % 2 == 0 and y != 0 else None


def encode(point):
    x, y = point
    u1, u2 = (1 - y * y) % P, x * y % P
    _, root = sqrt_ratio(1, u1 * u2 * u2 % P)
    den1, den2 = root * u1 % P, root * u2 % P
    z_inv = den1 * den2 * u2 % P
    if u2 * z_inv % P % 2:
        x, y, den2 = y * SQRT_M1 % P, x * SQRT_M1 % P, den1 * INVSQRT_A_MINUS_D % P
    if x * z_inv % P % 2:
        y = -y % P
    return absolute(den2 * (1 - y) % P).to_bytes(32, "little")


def map_half(data):
    t = (int.from_bytes(data, "little") % 2**255) % P
    r = SQRT_M1 * t * t % P
    u, v = (r + 1) * (1 - D * D) % P, (-1 - r * D) * (r + D) % P
    square, s = sqrt_ratio(u, v)
    if not square:
        s = -absolute(s * t % P) % P
    n = ((-1 if square else r) * (r - 1) * (D - 1) ** 2 - v) % P
    w0, w1, w2, w3 = 2 * s * v, n * SQRT_AD_MINUS_ONE, 1 - s * s, 1 + s * s
    return w0 * inverse(w1) % P, w2 * inverse(w3) % P


def add(a, b):
    product = D * a[0] * b[0] * a[1] * b[1] % P
    return ((a[0] * b[1] + a[1] * b[0]) * inverse(1 + product) % P,
            (a[1] * b[1] + a[0] * b[0]) * inverse(1 - product) % P)


def negative(a):
    return -a[0] % P, a[1]


def times(n, a):
    out = (0, 1)
    for bit in bin(n)[2:]:
        out = add(out, out)
        out = add(out, a) if bit == "1" else out
    return out


def from_wide(data):
    return add(map_half(data[:32]), map_half(data[32:]))


def wide(name, i):
    return hashlib.sha512(f"{name} {i}".encode()).digest()


def weigh(encodings):
    """Eight encodings in one: byte j is the sum of (2i + 1)·byte j of encoding i, mod 256."""
    return bytes(sum((2 * i + 1) * e[j] for i, e in enumerate(encodings)) % 256 for j in range(32))


def self_test():
    """The walk of tct_curve_self_test: map, then s_i·P_i + s_i·P_0 - P_0."""
    points = [from_wide(bytes((29 * i + 7 * j + 5) % 256 for j in range(64))) for i in range(8)]
    scalars = [bytes((17 * i + 13 * j + 1) % 256 for j in range(31)) + bytes([i]) for i in range(8)]
    print("self_test.map =", weigh([encode(p) for p in points]).hex())
    out = []
    for p, s in zip(points, scalars):
        s = int.from_bytes(s, "little")
        out.append(encode(add(add(times(s, p), times(s, points[0])), negative(points[0]))))
    print("self_test.out =", weigh(out).hex())


def main():
    assert encode(decode(BASE)) == BASE and encode(times(Q, decode(BASE))) == bytes(32)
    self_test()
    # Numbers at the edge of the map: 0, 1, p - 1, p, p + 18, 2^255 - 1, and bit 255, which is ignored.
    edges = [0, 1, 2, SQRT_M1, P - 1, P, P + 1, P + 18, 2**255 - 1, 2**255, 2**256 - 1, 2**254]
    print("map.count =", len(edges) ** 2)
    for i, (a, b) in enumerate((a, b) for a in edges for b in edges):
        data = a.to_bytes(32, "little") + b.to_bytes(32, "little")
        print(f"map.{i}.in = {data.hex()}\nmap.{i}.out = {encode(from_wide(data)).hex()}")
    # Scalars at the edge of their recoding.
    scalars = [0, 1, 2, 7, 8, 9, 15, 16, Q - 1, Q - 2, Q - 8, 2**252, 2**252 - 1, (Q - 1) // 2,
               int("8" * 63, 16) % Q, int("7" * 63, 16), int("f" * 63, 16), 2**248 - 8]
    scalars += [int.from_bytes(wide("scalar", i), "little") % Q for i in range(14)]
    point = from_wide(wide("point", 0))
    print("point =", encode(point).hex())
    print("multiple.count =", len(scalars))
    for i, s in enumerate(scalars):
        print(f"multiple.{i}.scalar =", s.to_bytes(32, "little").hex())
        print(f"multiple.{i}.point =", encode(times(s, point)).hex())
        print(f"multiple.{i}.base =", encode(times(s, decode(BASE))).hex())


main()
