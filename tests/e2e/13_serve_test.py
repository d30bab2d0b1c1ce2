# SPDX-License-Identifier: ISC
"""tacit serve as its host meets it: what it says, the code to scan, the page, TLS, and installed."""
import base64
import hashlib
import html
import json
import os
import re
import shutil
import signal
import ssl
import subprocess
import unittest
import urllib.error
import urllib.request

import qr_read
import two_people
from two_people import PATIENCE, SOURCE, TACIT

BUILT = os.environ.get("TACIT_BINARY_DIR", "build/normal")
HAS_PAGE = os.environ.get("TACIT_PAGE", "ON") == "ON"
PEM = os.path.join(SOURCE, "tests", "unit", "net_tls")
COLOURS = {"TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "NO_COLOR": ""}
MARGIN = 4


def get(url, trust=None):
    context = ssl.create_default_context(cafile=trust) if trust else None
    with urllib.request.urlopen(url, timeout=PATIENCE, context=context) as answer:
        return answer.read(), answer.headers


def integrity(content):
    return "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode()


@unittest.skipUnless(HAS_PAGE, "this build has no page")
class Serve(two_people.TwoPeople):
    def serve(self, *more, env=None, rows=50, columns=100):
        return self.terminal("serve", "--listen", "127.0.0.1:0", *more, env={**COLOURS, **(env or {})},
                             rows=rows, columns=columns)

    def half_blocks(self, seen):
        """The modules of a code drawn with half blocks; each line has its colours given outright."""
        rows = []
        for line in re.findall(r"\x1b\[38;5;16;48;5;231m(.*)\x1b\[0m\n", seen):
            rows.append([int(char in "▀█") for char in line])
            rows.append([int(char in "▄█") for char in line])
        self.assertTrue(rows, seen)
        width = len(rows[0])
        self.assertTrue(all(len(row) == width for row in rows))
        return rows[:width]

    @staticmethod
    def spaces(seen):
        lines = [line for line in seen.split("\n") if "\x1b[107m" in line]
        return [[int(code == "40") for code in re.findall(r"\x1b\[(40|107)m {2}", line)] for line in lines]

    def inside(self, rows):
        """Without the margin, which is white all around."""
        side = len(rows)
        for i in range(side):
            for j in range(MARGIN):
                edge = (rows[j][i], rows[side - 1 - j][i], rows[i][j], rows[i][side - 1 - j])
                self.assertEqual(edge, (0, 0, 0, 0))
        return [row[MARGIN:-MARGIN] for row in rows[MARGIN:-MARGIN]]

    def test_a_terminal_shows_the_address_and_a_code_of_it(self):
        host = self.serve()
        address = host.expect(r"The page is at (http://127.0.0.1:\d+/)").group(1)
        host.expect("Only this machine can open it")
        host.expect("Ctrl-C ends it.")
        self.assertEqual(qr_read.read(self.inside(self.half_blocks(host.seen))), address)
        host.process.send_signal(signal.SIGTERM)
        self.assertEqual(host.end(), 0)

    def test_a_terminal_without_unicode_gets_the_same_code(self):
        host = self.serve(env={"LC_ALL": "C"})
        address = host.expect(r"The page is at (\S+)").group(1)
        host.expect("Ctrl-C ends it.")
        self.assertEqual(qr_read.read(self.inside(self.spaces(host.seen))), address)

    def test_the_code_is_of_the_address_that_people_open(self):
        host = self.serve("--behind-proxy", "--address", "https://tacit.example.org/")
        host.expect("The page is at https://tacit.example.org/\n")
        host.expect(r"Listening on http://127.0.0.1:\d+/")
        host.expect("Ctrl-C ends it.")
        self.assertEqual(qr_read.read(self.inside(self.half_blocks(host.seen))), "https://tacit.example.org/")

    def test_no_code_where_none_is_wanted_or_none_would_be_read(self):
        for more, env, size in ((("--no-qr",), {}, (50, 100)), ((), {"NO_COLOR": "1"}, (50, 100)),
                                ((), {"TERM": "dumb"}, (50, 100)), ((), {}, (16, 100)), ((), {}, (50, 30)),
                                (("--behind-proxy",), {}, (50, 100))):
            host = self.serve(*more, env=env, rows=size[0], columns=size[1])
            host.expect("Ctrl-C ends it.")
            self.assertNotIn("\x1b", host.seen, (more, env, size))
            self.assertRegex(host.seen, r"http://127.0.0.1:\d+/")
        piped = self.run_tacit("serve", "--listen", "127.0.0.1:0", env=COLOURS)
        piped.line("Ctrl-C ends it.")
        self.assertNotIn("\x1b", "".join(piped.out))

    def test_every_address_of_a_machine_is_named_by_one_that_can_be_typed(self):
        host = self.terminal("serve", "--listen", "0.0.0.0:0", "--no-qr", env=COLOURS)
        address = host.expect(r"The page is at (http://\S+)").group(1)
        host.expect("Ctrl-C ends it.")
        self.assertIn(b"<title>", get(address)[0])

    def test_an_address_that_is_none_is_refused(self):
        run = self.run_tacit("serve", "--address", "tacit.example.org")
        self.assertEqual(run.end(), 2)
        self.assert_says(run, "--address", "https://")

    def test_the_page_over_tls(self):
        host = self.run_tacit("serve", "--listen", "localhost:0", "--cert", os.path.join(PEM, "server.pem"),
                              "--key", os.path.join(PEM, "server-key.pem"), "--json")
        url = json.loads(host.line("url").string)["url"]
        self.assertTrue(url.startswith("https://localhost:"))
        self.assertIn(b"<title>", get(url, os.path.join(PEM, "authority.pem"))[0])

    def whole_page(self, program, folder):
        """Starts a program with nothing around it, and loads all that the page names, with its hashes."""
        process = subprocess.Popen([program, "serve", "--listen", "127.0.0.1:0", "--json"], cwd=folder, env={},
                                   stdout=subprocess.PIPE, text=True)
        try:
            url = json.loads(process.stdout.readline())["url"]
            index, headers = get(url)
            self.assertIn("default-src 'none'", headers["content-security-policy"])
            text = index.decode()
            named = re.findall(r'(?:href|src)="([a-z_]+\.[a-z]+)" integrity="([^"]+)"', text)
            named += json.loads(html.unescape(re.search(r"data-integrity='([^']+)'", text).group(1))).items()
            self.assertIn("tacit.wasm", dict(named))
            for name, digest in named:
                self.assertEqual(integrity(get(url + name)[0]), digest, name)
            with self.assertRaises(urllib.error.HTTPError) as refused:
                get(url + "none")
            self.assertEqual(refused.exception.code, 404)
        finally:
            process.terminate()
            self.assertEqual(process.wait(PATIENCE), 0)
            process.stdout.close()

    def test_the_program_alone_in_an_empty_folder_serves_all(self):
        program = shutil.copy(TACIT, self.path("tacit"))
        self.whole_page(program, self.folder)

    def test_what_was_installed_serves_all(self):
        subprocess.run(["cmake", "--install", BUILT, "--prefix", "/usr"], check=True, capture_output=True,
                       env={**os.environ, "DESTDIR": self.path("root")}, timeout=PATIENCE)
        programs = os.path.join(self.path("root"), "usr", "bin")
        self.assertLessEqual({"tacit", "tacit-relay"}, set(os.listdir(programs)))
        self.whole_page(os.path.join(programs, "tacit"), "/")


if __name__ == "__main__":
    two_people.main()
