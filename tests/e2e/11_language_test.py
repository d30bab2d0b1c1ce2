# SPDX-License-Identifier: ISC
"""docs/sheets.md says what `tacit check` accepts, and what it says of the rest; `tacit new` gives a sheet.

Fenced examples by their first line:
    tacit sheet            a whole sheet, which is fine
    tacit playground       the same, and the sheet of the examples by line
    tacit part             lines of a sheet, which is fine with what it needs besides
    tacit when, reveal     a condition or a value a line, fine in the playground
    tacit limit            a limit a line, below a question for each of six items
    tacit wrong            a whole sheet; the block `says` after it is all that is said of it
    tacit second           the same of a sheet that is right, and yet could be better
    tacit wrong when, …    a line at the margin, and indented below it the first thing said of it
"""
import json
import os
import re
import subprocess
import tempfile
import unittest

TACIT = os.environ.get("TACIT", "build/normal/tacit")
SOURCE = os.environ.get("TACIT_SOURCE_DIR", os.getcwd())
MARGIN = {"title": "title Ours\n", "ask": "ask sure: Are you sure?\n  yes or no\n",
          "outcome": "outcome sure: You both are.\n  when both (sure is yes)\n"
                     "outcome unsure: Not yet.\n  otherwise\n"}
LIST = ("list wishes\n" + "".join(f"  wish-{i}: A wish\n" for i in range(6)) +
        "ask each wishes like: Would you like this?\n  no: No\n  maybe: Perhaps\n  yes: Yes\n  ")


def read(*path):
    with open(os.path.join(SOURCE, *path), encoding="utf-8") as file:
        return file.read()


DOCUMENT = read("docs", "sheets.md")


def fences():
    """(line number, what stands after the backticks, text) of every fenced block."""
    for match in re.finditer(r"^```(.*)\n((?:.*\n)*?)```$", DOCUMENT, re.M):
        yield DOCUMENT.count("\n", 0, match.start()) + 1, match.group(1).strip(), match.group(2)


def completed(part):
    """A part of a sheet, with what it needs besides after it.  A part with an outcome has all of them."""
    for word, lines in MARGIN.items():
        if not re.search(rf"^{word}\b", part, re.M):
            part += lines
        elif word == "ask" and "outcome" not in part:
            part += lines
    return part


def words_of_the_language():
    """Every word that the lexer and the parser compare with, read from their source."""
    words = set()
    for name in ("lexer.c", "parser.c", "parse_question.c", "parse_outcome.c", "parse_expression.c"):
        code = re.sub(r"/\*.*?\*/", "", read("src", "rule", name), flags=re.S)
        call = r"\b(?:tct_accept|tct_expect|tct_token_is|begins_with)\s*\((?:[^()\"]|\([^()]*\))*?,\s*"
        words.update(re.findall(call + r'"([a-z-]+)"', code))
        for pair in re.findall(r'tct_accept_words\(p, "([a-z-]+)",\s*"([a-z-]+)"\)', code):
            words.update(pair)
        for row in re.findall(r'\{("[a-z-]+"(?:,\s*"[a-z-]+")*)', code): # tables of words
            words.update(re.findall(r'"([a-z-]+)"', row))
        words.update(re.findall(r'memcmp\(line->text, "([a-z]+)"', code))
    return words


def missing(words, text):
    return {word for word in words if not re.search(rf"(?<![\w-]){word}(?![\w-])", text)}


class Language(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def tacit(self, *words):
        return subprocess.run([TACIT, *words], cwd=self.folder, stdin=subprocess.DEVNULL, text=True,
                              capture_output=True, timeout=60, check=False, encoding="utf-8")

    def check(self, sheet, command="check", *words):
        with open(os.path.join(self.folder, "ours.tacit"), "w", encoding="utf-8") as file:
            file.write(sheet)
        return self.tacit(command, "ours.tacit", *words)

    def fine(self, sheet, where):
        """Right, and nothing to be said against it at a second look."""
        done = self.check(sheet)
        self.assertEqual((done.returncode, done.stderr), (0, ""), f"{where}\n{sheet}")
        self.assertIn("is fine", done.stdout)

    def right(self, sheet, where):
        """Right; a form in a sheet made up for it may give something away, or change nothing."""
        done = self.check(sheet, "show", "--json") # reads it like check, without the second look
        self.assertEqual((done.returncode, done.stderr), (0, ""), f"{where}\n{sheet}")

    def in_playground(self, kind, line):
        if kind == "limit":
            return completed(LIST + line + "\n")
        if kind == "part":
            return completed(line + "\n")
        playground, = (text for _, info, text in fences() if info == "tacit playground")
        outcome = {"when": f"outcome it: It.\n  when {line}\n",
                   "reveal": f"outcome it: It.\n  when both (ready is yes)\n  reveal it: {line}\n"}[kind]
        self.assertIn("\noutcome yes:", playground)
        return playground.replace("\noutcome yes:", f"\n{outcome}outcome yes:")

    def test_every_block_has_a_known_kind(self):
        known = {"tacit " + kind for kind in (
            "sheet", "playground", "part", "when", "reveal", "limit", "second", "wrong", "wrong when", "wrong reveal",
            "wrong limit", "wrong part")} | {"says", "ebnf"}
        found = {info for _, info, _ in fences()}
        self.assertEqual(found, known)
        self.assertEqual(DOCUMENT.count("\n```"), 2 * len(list(fences())))

    def test_whole_sheets_and_parts_are_fine(self):
        for number, info, text in fences():
            if info == "tacit sheet":
                self.fine(text, f"docs/sheets.md:{number}")
            elif info in ("tacit playground", "tacit part"):
                self.right(text if info == "tacit playground" else completed(text),
                           f"docs/sheets.md:{number}")

    def test_there_are_ten_sheets_to_take(self):
        _, _, cookbook = DOCUMENT.partition("\n## Ten sheets\n")
        self.assertEqual(cookbook.count("```tacit sheet\n"), 10)

    def test_every_line_of_an_example_is_accepted(self):
        for number, info, text in fences():
            if info in ("tacit when", "tacit reveal", "tacit limit"):
                for offset, line in enumerate(text.splitlines(), 1):
                    self.right(self.in_playground(info.split()[1], line), f"docs/sheets.md:{number + offset}")

    def test_what_is_wrong_is_said_as_shown(self):
        blocks = list(fences())
        for (number, info, text), following in zip(blocks, blocks[1:] + [(0, "", "")]):
            if info in ("tacit wrong", "tacit second"):
                self.assertEqual(following[1], "says", f"docs/sheets.md:{number}")
                done = self.check(text)
                self.assertEqual((done.returncode, done.stderr), (3 if info == "tacit wrong" else 0, following[2]),
                                 f"docs/sheets.md:{number}")

    def test_each_wrong_line_is_told_its_message(self):
        for number, info, text in fences():
            if not info.startswith("tacit wrong "):
                continue
            lines = text.splitlines()
            self.assertEqual(len(lines) % 2, 0, f"docs/sheets.md:{number}")
            for offset, (line, message) in enumerate(zip(lines[::2], lines[1::2])):
                where = f"docs/sheets.md:{number + 1 + 2 * offset}"
                self.assertTrue(message.startswith("  ") and not line.startswith(" "), where)
                done = self.check(self.in_playground(info.split()[2], line))
                said = [text.split(": error: ", 1)[1] for text in done.stderr.splitlines() if ": error: " in text]
                self.assertEqual(done.returncode, 3, where)
                self.assertEqual(said[0], message.strip(), where)

    def test_every_word_of_the_language_is_told_and_coloured(self):
        words = words_of_the_language()
        self.assertGreaterEqual(len(words), 85, sorted(words)) # else the parser is read wrongly
        self.assertLessEqual({"title", "fairest", "say", "hours", "not-now", "fewer", "stop", "rounded"}, words)
        code = "\n".join([text for _, _, text in fences()] + re.findall(r"`([^`\n]+)`", DOCUMENT))
        vim = re.sub(r'^\s*".*$', "", read("docs", "syntax", "tacit.vim"), flags=re.M)
        textmate = read("docs", "syntax", "tacit.tmLanguage.json").replace("\\\\b", " ")
        for name, text in (("docs/sheets.md", code), ("tacit.vim", vim), ("tacit.tmLanguage.json", textmate)):
            self.assertEqual(missing(words, text), set(), name)
            self.assertEqual(missing(words, re.sub(r"\bfairest\b", "", text)), {"fairest"}, name)

    def test_the_grammar_has_every_word_and_no_other(self):
        grammar, = (text for _, info, text in fences() if info == "ebnf")
        told = set(re.findall(r'"([a-z-]+)"', grammar))
        self.assertEqual(words_of_the_language() - told, {"not-now"}) # cannot be a name, has no form
        self.assertEqual(told - words_of_the_language(), set())

    def test_words_that_cannot_be_names_are_told(self):
        code = read("src", "rule", "lexer.c")
        for array, means in (("always", "list, role, option or item:"), ("names", "question, list or role:")):
            words = re.search(rf"{array}\[\]\s*=\s*\{{([^}}]*)\}}", code).group(1)
            told = re.sub(r"\s+", " ", DOCUMENT).partition(means)[2].partition(".")[0]
            self.assertEqual(set(re.findall(r'"([a-z-]+)"', words)), set(re.findall("`([a-z-]+)`", told)))

    def test_comments_do_not_travel(self):
        self.tacit("new")
        path = os.path.join(self.folder, "ours.tacit")
        prints = set()
        for _ in range(2):
            prints.add(json.loads(self.tacit("show", "ours.tacit", "--json").stdout)["fingerprint"])
            with open(path, encoding="utf-8") as file:
                text = file.read()
            with open(path, "w", encoding="utf-8") as file:
                file.write(re.sub(r"^#.*\n", "", text, flags=re.M))
        self.assertEqual(len(prints), 1)

    def test_the_patterns_for_editors_match_what_they_are_for(self):
        colours = json.loads(read("docs", "syntax", "tacit.tmLanguage.json"))
        example = DOCUMENT + read("sheets", "last-night.tacit")
        used = [colours["fileTypes"] == ["tacit"]]
        for rule in colours["patterns"] + list(colours["repository"].values()):
            for part in rule.get("patterns", [rule]):
                for key in ("match", "begin"):
                    if key in part:
                        used.append(re.search(part[key], example, re.M) is not None)
                        self.assertTrue(used[-1], part[key])
        self.assertGreater(len(used), 8)

    def test_the_limits_are_those_of_the_source(self):
        source = read("src", "rule", "model.h") + read("include", "tacit", "tacit.h")
        rows = dict(re.findall(r"^\| ([^|]+?) \| (\d+) \|$", DOCUMENT, re.M))
        for what, name in (
                ("lists", "TCT_LISTS_MAX"), ("items of one list", "TCT_ITEMS_MAX"),
                ("questions", "TCT_QUESTIONS_MAX"), ("options of one question", "TCT_OPTIONS_MAX"),
                ("limits on one question", "TCT_LIMITS_MAX"), ("outcomes", "TCT_OUTCOMES_MAX"),
                ("reveals of one outcome", "TCT_REVEALS_MAX"), ("notes and guards", "TCT_NOTES_MAX"),
                ("characters of a name", "TCT_ID_BYTES_MAX"),
                ("levels of nesting in an expression", "TCT_NESTING_MAX"),
                ("N of `also by chance K in N`", "TCT_CHANCE_MAX"),
                ("size of any number, on either side of zero", "TCT_NUMBER_MAX"),
                ("answers in all (a question about a list has one for each item)", "TACIT_VALUES_MAX"),
                ("messages of one `tacit check`", "TACIT_DIAGNOSTICS_MAX")):
            self.assertEqual(rows[what], re.search(rf"\b{name} = (\d+)", source).group(1), name)
        self.assertEqual(rows["bytes of a sheet"], "65536")
        self.assertIn("TACIT_SHEET_TEXT_MAX = 64 * 1024", source)
        lower, graph = read("src", "rule", "lower.h"), read("src", "rule", "graph.h")
        for what, line, code in (
                ("joint gates (ANDs) of a rule", "TCT_SHEET_ANDS_MAX = 100000", lower),
                ("gates of a rule in all", "TCT_SHEET_GATES_MAX = 1 << 19", lower),
                ("parts of a rule, written out for all items and both people",
                 "TCT_GRAPH_NODES_MAX = 1 << 16", graph),
                ("parts joined by one `and`, `or` or sum, written out", "TCT_KIDS_MAX = 4096", graph),
                ("steps of writing a rule out", "TCT_GRAPH_WORK_MAX = 1 << 20", graph)):
            self.assertIn(line, code)
            number = line.partition(" = ")[2].split(" << ")
            self.assertEqual(int(rows[what]), int(number[0]) << int((number + ["0"])[1]), what)

    def test_the_sizes_are_those_of_today(self):
        told = re.sub(r"\s+", " ", DOCUMENT.partition("To give an idea of sizes")[2].partition("\n\n")[0])
        for method, items, kind in (("best compromise", 10, "ranking of"), ("best compromise", 64, "ranking of"),
                                    ("adjusted winner", 10, "points 100 over"),
                                    ("adjusted winner", 16, "points 100 over"),
                                    ("fairest split", 10, "points 100 over")):
            done = self.check("title Sizes\nlist things\n" + "".join(f"  t{i}: T\n" for i in range(items)) +
                              f"ask sure: Are you?\n  yes or no\nask how: How?\n  {kind} things\n"
                              f"outcome it: It.\n  when both (sure is yes)\n  reveal it: {method} of things\n"
                              "outcome no: No.\n  otherwise\n")
            gates = re.search(r"(\d+) joint gates", done.stdout).group(1)
            told_of = told.partition(method)[2].partition(";")[0]
            self.assertRegex(told_of, rf"\b{items} items\D*(?: 100 points)? {gates}\b")

    def test_new_writes_a_sheet_that_is_fine(self):
        for words, name in (((), "ours.tacit"), (("pizza.tacit",), "pizza.tacit")):
            done = self.tacit("new", *words)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertIn(name, done.stdout)
            checked = self.tacit("check", name)
            self.assertEqual((checked.returncode, checked.stderr), (0, ""))
            with open(os.path.join(self.folder, name), encoding="utf-8") as file:
                text = file.read()
            self.assertGreater(text.count("\n#"), 5) # it explains itself
            self.assertLessEqual(max(map(len, text.splitlines())), 80)

    def test_what_the_new_sheet_keeps_back_is_fine_too(self):
        """Without the first three characters of lines that begin with `#: `."""
        self.tacit("new")
        with open(os.path.join(self.folder, "ours.tacit"), encoding="utf-8") as file:
            text = file.read()
        self.assertGreater(len(re.findall(r"^#: ", text, re.M)), 5)
        self.right(re.sub(r"^#: ", "", text, flags=re.M), "tacit new")

    def test_new_overwrites_nothing(self):
        path = os.path.join(self.folder, "ours.tacit")
        for make in (lambda: open(path, "w", encoding="utf-8").close(), lambda: os.mkdir(path),
                     lambda: os.symlink("nowhere", path)):
            make()
            done = self.tacit("new")
            self.assertEqual(done.returncode, 2)
            self.assertIn("is there already", done.stderr)
            self.assertFalse(os.path.exists(os.path.join(self.folder, "nowhere")))
            if os.path.isdir(path):
                os.rmdir(path)
            else:
                self.assertTrue(os.path.islink(path) or os.path.getsize(path) == 0)
                os.remove(path)

    def test_new_says_why_it_could_not_write(self):
        done = self.tacit("new", "no/such/folder.tacit")
        self.assertEqual(done.returncode, 2)
        self.assertIn("cannot be written", done.stderr)


if __name__ == "__main__":
    unittest.main()
