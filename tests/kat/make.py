#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Turns protocol.json (what the Python prototype of the protocol prints with `kat`) into lines
`key = value` that tests/support/kat.c reads.

    python3 make.py protocol.json > protocol.txt

Keys are the paths in the JSON; list entries are numbered from 0, sessions from 1 as in the
specification; frames go by their flight (session.1.run.0.F2.X.blake2b).  X.count says how many
entries a list has.  Values are hex strings, decimal numbers, or text as they stand; lists of
numbers are joined by blanks; a gate is AND,a,b or XOR,a,b or INV,a; an empty string is "-"."""
import json
import sys


def scalar(v):
    return '-' if v == '' else str(v)


def line(key, value):
    assert '\n' not in value and ' = ' not in key
    print(key, '=', value)


def walk(key, v):
    if isinstance(v, dict):
        for name, inner in v.items():
            walk(f'{key}.{name}', inner)
    elif not isinstance(v, list):
        line(key, scalar(v))
    elif v and isinstance(v[0], dict):
        line(f'{key}.count', str(len(v)))
        for i, inner in enumerate(v):
            walk(f'{key}.{i}', inner)
    elif v and isinstance(v[0], list):  # gates
        line(key, ' '.join(','.join(map(str, gate)) for gate in v))
    else:
        line(key, ' '.join(map(scalar, v)) if v else '-')


def run_lines(key, run, chain):
    for name, v in run.items():
        if name == 'gates' and v == 'chain129':
            v = chain
        if name == 'frames':
            line(f'{key}.flights', ' '.join(f['flight'] for f in v))
            for frame in v:
                at = f'{key}.{frame["flight"]}'
                for who in 'XY':
                    walk(f'{at}.{who}', frame[who])
                line(f'{at}.th_after', frame['th_after'])
        else:
            walk(f'{key}.{name}', v)


def main():
    with open(sys.argv[1], encoding='ascii') as file:
        kat = json.load(file)
    print('# Made by make.py from protocol.json; do not edit.')
    chain = kat.pop('chain129')
    sessions = kat.pop('sessions')
    kat.pop('note')
    for name, v in kat.items():
        walk(name, v)
    line('session.count', str(len(sessions)))
    for i, session in enumerate(sessions, 1):
        runs = session.pop('runs')
        walk(f'session.{i}', session)
        line(f'session.{i}.run.count', str(len(runs)))
        for j, run in enumerate(runs):
            run_lines(f'session.{i}.run.{j}', run, chain)


main()
