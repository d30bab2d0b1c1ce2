# SPDX-License-Identifier: ISC
"""Every rule of tools/check-tidy reports a planted violation, and this tree has none."""
import unittest

from planted import README, Planted

C = "/* SPDX-License-Identifier: ISC\n *\n * A file that says in a sentence or two what it is for.\n */\n"


class Tidy(Planted):
    tool = "check-tidy"

    def test_the_tree_is_tidy(self):
        self.holds_here()

    def test_a_sound_tree_passes(self):
        self.passes({})

    def test_banned_calls_are_reported(self):
        for call in ("strcpy(a, b)", "sprintf(a, b)", "atoi(a)", "rand()", "time(0)", "alloca(n)"):
            name = call.split("(")[0]
            self.reports({"relay/bad.c": C + f"int x = {call};\n"}, f"relay/bad.c:5: {name}(): use")

    def test_a_name_that_only_ends_like_one_is_fine(self):
        self.passes({"relay/fine.c": C + "int x = tct_time(0) + s.time(1) + p->rand(2);\n"})

    def test_comparing_secrets_is_reported(self):
        self.reports({"src/ot/cmp.c": C + "int x = memcmp(a, b, 16);\n"}, "src/ot/cmp.c:5: memcmp()")

    def test_comparing_public_bytes_with_a_reason_is_fine(self):
        self.passes({"src/ot/cmp.c": C + "/* Both are public: circuit digests. */\n"
                                         "int x = memcmp(a, b, 16);\n"})

    def test_wiping_by_memset_is_reported(self):
        self.reports({"src/ot/wipe.c": C + "void wipe_keys(int *k)\n{\n    memset(k, 0, 4);\n"
                                           "    k = 0;\n}\n"}, "src/ot/wipe.c:7: memset()")
        self.reports({"src/ot/last.c": C + "int leave_it(int *k)\n{\n    memset(k, 0, 4);\n"
                                           "    return 0;\n}\n"}, "src/ot/last.c:7: memset()")

    def test_clearing_before_use_is_fine(self):
        self.passes({"src/ot/init.c": C + "void start(int *k)\n{\n    memset(k, 0, 4);\n"
                                          "    use(k);\n}\n"})
        self.passes({"src/ot/init.c": C + "int *start(int *k)\n{\n    memset(k, 0, 4);\n"
                                          "    return k;\n}\n"})

    def test_floats_are_reported(self):
        self.reports({"src/ot/real.c": C + "double x;\n"}, "src/ot/real.c:5: double")

    def test_unfinished_marks_are_reported(self):
        self.reports({"docs/plan.md": "one\nTO" + "DO: two\n"}, "docs/plan.md:2: unfinished")

    def test_invisible_characters_are_reported(self):
        self.reports({"docs/odd.md": "a\u202eb\n"}, "docs/odd.md:1: invisible character U+202E")
        self.reports({"docs/odd.md": "a\u200bb\n"}, "invisible character U+200B")
        self.reports({"docs/odd.md": "a\u00a0b\n"}, "invisible character U+00A0")

    def test_non_ascii_names_are_reported(self):
        self.reports({"src/ot/name.c": C + "int \u0394;\n"}, "src/ot/name.c:5: non-ASCII")

    def test_non_ascii_comments_are_fine(self):
        self.passes({"src/ot/name.c": C + "/* \u0394 \u2192 delta */\nint delta;\n"})

    def test_a_missing_licence_line_is_reported(self):
        self.reports({"src/ot/free.c": "/* A file that has much to say and no licence at all, which is "
                                       "long enough to be a header comment. */\n"},
                     "src/ot/free.c:1: the first line names the licence")
        self.reports({"tools/run": "#!/bin/sh\necho\n"}, "tools/run:1: the first line names")

    def test_a_missing_header_comment_is_reported(self):
        self.reports({"src/ot/bare.h": "/* SPDX-License-Identifier: ISC */\nint x;\n"},
                     "src/ot/bare.h:1: begin with a comment")
        self.reports({"src/ot/bare.c": "/* SPDX-License-Identifier: ISC */\nint x;\n"},
                     "src/ot/bare.c:1: begin with a comment")

    def test_long_functions_are_reported(self):
        body = "    x++;\n"
        self.reports({"src/ot/long.c": C + "int much(int x)\n{\n" + body * 71 + "}\n"},
                     "much has 71 lines")
        self.passes({"src/ot/long.c": C + "int much(int x)\n{\n" + body * 70 + "}\n"})

    def test_a_room_without_its_readme_is_reported(self):
        self.reports({"src/ot/README.md": None}, "src/ot/README.md:1: every room has a README")
        self.reports({"src/ot/README.md": README.replace("## Papers\n", "")}, "no heading `Papers`")
        self.reports({"relay/README.md": README + "x\n" * 90}, "longer than a page")

    def test_an_unknown_citation_is_reported(self):
        self.reports({"src/ot/cite.c": C + "/* [NONE99, Fig. 3] */\n"},
                     "src/ot/cite.c:5: [NONE99] is not in docs/bibliography.yml")

    def test_a_paper_that_nobody_cites_is_reported(self):
        self.reports({"docs/bibliography.yml": "KEY01:\n  title: a\nLONE02:\n  title: b\n"},
                     "docs/bibliography.yml:3: LONE02 is cited nowhere")

    def test_a_link_that_leads_nowhere_is_reported(self):
        self.reports({"docs/links.md": "see [this](none.md)\n"}, "docs/links.md:1: link to none.md")
        self.passes({"docs/links.md": "see [this](bibliography.yml#x) and [that](https://x.invalid/)\n"})

    def test_c_in_the_readme_that_no_example_has_is_reported(self):
        example = {"examples/one.c": C + "int main(void)\n{\n    return one();\n}\n"}
        self.passes({**example, "README.md": "x\n```c\nreturn one();\n```\n"})
        self.reports({**example, "README.md": "x\n```c\nreturn two();\n```\n"},
                     "README.md:3: this line of C stands in no example")

    def test_a_hash_without_its_place_in_the_protocol_is_reported(self):
        call = {"src/ot/tag.c": C + 'void f(void)\n{\n    tct_hash_init(&h, "coin");\n}\n'}
        self.passes({**call, "docs/PROTOCOL.md": "## 3 Names of hashes\n\ncoin \u00b7 other\n\n## 4 coins\n"})
        self.reports({**call, "docs/PROTOCOL.md": "## 3 Names of hashes\n\nother\n\n## 4 coin\n"},
                     'src/ot/tag.c:7: the hash "coin" is not in docs/PROTOCOL.md')

    def test_a_name_in_the_argument_that_is_not_in_the_code_is_reported(self):
        self.reports({"docs/SECURITY-ARGUMENT.md": "`tct_hash` and\n`tct_gone` and `x`\n"},
                     "docs/SECURITY-ARGUMENT.md:2: nothing in the code or the tests is called tct_gone")
        self.passes({"docs/SECURITY-ARGUMENT.md": "`tct_hash` and `x`\n"})


if __name__ == "__main__":
    unittest.main()
