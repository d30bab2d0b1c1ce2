# SPDX-License-Identifier: ISC
"""What the checks of the tree share: walking it, and reading C without its comments and strings."""
import os
import re

SKIPPED_FOLDERS = {".git", "build", "out", "node_modules", "__pycache__"}


def root_of(script):
    """The project that a tool stands in; tests point the tool at a planted tree instead."""
    return os.path.dirname(os.path.dirname(os.path.abspath(script)))


def walk(root, *folders):
    """Relative paths of all files under the folders (all of the tree without any), in order."""
    found = []
    for start in folders or (".",):
        for here, inside, names in os.walk(os.path.join(root, start)):
            inside[:] = sorted(d for d in inside if d not in SKIPPED_FOLDERS)
            found += [os.path.relpath(os.path.join(here, n), root) for n in sorted(names)]
    return found


def read(root, path):
    """The text of a file, or None when it is not UTF-8 text."""
    with open(os.path.join(root, path), "rb") as file:
        data = file.read()
    if b"\0" in data:
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def room_of(path):
    """src/ot/x.c → ot; relay/x.c → relay; cli/x.c → cli; else None."""
    parts = path.split(os.sep)
    if parts[0] == "src" and len(parts) > 2:
        return parts[1]
    if parts[0] in ("relay", "cli") and len(parts) > 1:
        return parts[0]
    return None


_TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def blank(text, keep_strings=False):
    """C with comments (and strings) turned into spaces; lines and columns stay where they are."""

    def spaces(match):
        token = match.group(0)
        if keep_strings and token[0] in "\"'":
            return token
        if token[0] in "\"'":
            return token[0] + " " * (len(token) - 2) + token[0]
        return re.sub(r"[^\n]", " ", token)

    return _TOKEN.sub(spaces, text)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def functions(code):
    """(name, first line, last line, body) of each function in blanked C, by the layout that
    clang-format keeps: the brace of a function stands alone in column one."""
    lines = code.split("\n")
    found = []
    start = None
    for index, line in enumerate(lines):
        if line == "{" and start is None:
            head = index
            while head > 0 and lines[head - 1].strip() and lines[head - 1][0] not in "}#":
                head -= 1
            names = re.findall(r"(\w+)\s*\(", " ".join(lines[head:index]))
            names = [n for n in names if n not in ("__attribute__", "TCT_TARGET", "vector_size")]
            start, name = index, names[0] if names else "?"
        elif line == "}" and start is not None:
            found.append((name, start + 1, index + 1, "\n".join(lines[start : index + 1])))
            start = None
    return found


def finish(name, problems):
    """Prints the problems, `file:line: what`, and gives the exit status."""
    for problem in problems:
        print(problem)
    if problems:
        print(f"{name}: {len(problems)} to mend")
        return 1
    print(f"{name}: nothing amiss")
    return 0
