#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Known answers of TREE (PROTOCOL.md, section 1) from hashlib alone: byte i of every string is
(31·i + 7·⌊i/256⌋) mod 256.

    python3 tree.py > tree.txt"""
from hashlib import blake2b

LEAF = 8192
PLACE = dict(digest_size=32, fanout=0, depth=2, leaf_size=LEAF, inner_size=32)


def tree(string):
    leaves = [string[at:at + LEAF] for at in range(0, len(string), LEAF)] or [b'']
    digests = b''.join(
        blake2b(leaf, node_offset=i, last_node=i == len(leaves) - 1, **PLACE).digest()
        for i, leaf in enumerate(leaves))
    return blake2b(digests, node_depth=1, last_node=True, **PLACE).digest()


def main():
    print('# Made by tree.py; do not edit.')
    lengths = [0, 1, 127, 128, 129, 8191, 8192, 8193, 16384, 24577, 32768, 65536, 65537, 81920,
               131072, 139264, 300001]
    print('tree.count =', len(lengths))
    for i, n in enumerate(lengths):
        string = bytes((31 * j + 7 * (j // 256)) % 256 for j in range(n))
        print(f'tree.{i}.bytes = {n}')
        print(f'tree.{i}.out = {tree(string).hex()}')


if __name__ == '__main__':
    main()
