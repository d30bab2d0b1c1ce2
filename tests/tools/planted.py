# SPDX-License-Identifier: ISC
"""A small tree in a temporary folder, well in every way, into which a test plants one fault."""
import os
import subprocess
import tempfile
import unittest

SOURCE = os.environ.get(
    "TACIT_SOURCE_DIR", os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
BINARY = os.environ.get("TACIT_BINARY_DIR", os.path.join(SOURCE, "build", "normal"))

README = "# room\n" + "".join(
    f"## {h}\n" for h in ("Gives", "Uses", "Read in this order", "Invariants", "Papers"))

SOUND = {
    "src/LAYERS": "base:\ncrypto: base\not: base crypto\nrelay: base\ncli: relay tacit\n",
    "src/base/base.h": "/* SPDX-License-Identifier: ISC\n *\n * base.h — errors.\n */\n",
    "src/crypto/hash.h":
        "/* SPDX-License-Identifier: ISC\n *\n * hash.h — [KEY01] hashing.\n */\n"
        '#include "base/base.h"\n#include <sodium.h>\n',
    "src/crypto/hash.c":
        '/* SPDX-License-Identifier: ISC */\n#include "crypto/hash.h"\n\n'
        "int tct_hash(int a)\n{\n    return a;\n}\n",
    "src/ot/ot.h":
        "/* SPDX-License-Identifier: ISC\n *\n * ot.h — transfers.\n */\n"
        '#include "crypto/hash.h"\n',
    "relay/relay.h": "/* SPDX-License-Identifier: ISC\n *\n * relay.h — rooms.\n */\n",
    "cli/cli.h": "/* SPDX-License-Identifier: ISC\n *\n * cli.h — words.\n */\n"
                 '#include "tacit/tacit.h"\n',
    "docs/bibliography.yml": "# papers\nKEY01:\n  title: A paper\n",
    **{f"{room}/README.md": README
       for room in ("src/base", "src/crypto", "src/ot", "relay", "cli")},
}


class Planted(unittest.TestCase):
    """`tool` is the check's name; each test plants something and says what the check must answer."""

    tool = ""

    def check(self, *arguments):
        done = subprocess.run([os.path.join(SOURCE, "tools", self.tool), *arguments],
                              capture_output=True, text=True, timeout=100)
        return done.returncode, done.stdout + done.stderr

    def on_planted(self, files):
        with tempfile.TemporaryDirectory() as root:
            for path, text in {**SOUND, **files}.items():
                if text is None:
                    continue
                os.makedirs(os.path.dirname(os.path.join(root, path)), exist_ok=True)
                with open(os.path.join(root, path), "w", encoding="utf-8") as file:
                    file.write(text)
            return self.check(root)

    def passes(self, files):
        status, said = self.on_planted(files)
        self.assertEqual(status, 0, said)

    def reports(self, files, expected):
        status, said = self.on_planted(files)
        self.assertEqual(status, 1, said)
        self.assertIn(expected, said)

    def holds_here(self, *arguments):
        status, said = self.check(SOURCE, *arguments)
        self.assertEqual(status, 0, "\n" + said)
