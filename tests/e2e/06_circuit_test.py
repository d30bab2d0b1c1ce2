# SPDX-License-Identifier: ISC
"""`tacit circuit`: published answers, every way to enter a value, and every mistake its sentence."""
import json
import os
import subprocess
import tempfile
import unittest

CIRCUITS = os.path.join(os.environ["TACIT_SOURCE_DIR"], "examples", "circuits")
AND = "1 3\n2 1 1\n1 1\n2 1 0 1 2 AND\n"
# the middle value of three, whoever enters it, and its inverse's lowest bit
THREE = "3 11\n3 1 4 2\n2 2 1\n1 1 1 8 EQW\n1 1 2 9 EQW\n1 1 1 10 INV\n"


class Circuit(unittest.TestCase):
    def run_circuit(self, file, *words):
        path = file if os.path.isabs(file) else os.path.join(CIRCUITS, file)
        return subprocess.run([os.environ["TACIT"], "circuit", path, *words], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=240)

    def run_text(self, text, *words):
        with tempfile.NamedTemporaryFile("wb", suffix=".txt") as file:
            file.write(text if isinstance(text, bytes) else text.encode())
            file.flush()
            return self.run_circuit(file.name, *words)

    def results(self, done):
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def refused(self, done, status, *says):
        self.assertEqual(done.returncode, status, done.stderr)
        self.assertEqual(done.stdout, "")
        for words in says:
            self.assertIn(words, done.stderr)

    def test_aes_gives_the_published_ciphertext(self): # FIPS 197, C.1
        done = self.run_circuit("aes128.txt", "--first", "000102030405060708090a0b0c0d0e0f",
                                "--second", "00112233445566778899aabbccddeeff", "--json")
        said = self.results(done)
        self.assertEqual(said["outputs"], ["69c4e0d86a7b0430d8cdb78070b4c55a"])
        self.assertEqual(said["ands"], 6400)
        self.assertEqual((said["flights"], said["messages"]), (9, 16))

    def test_numbers_are_added_compared_and_multiplied(self):
        said = self.results(self.run_circuit("adder64.txt", "--first", "0xFFFFFFFFFFFFFFFF", "--second", "2", "--json"))
        self.assertEqual(said["outputs"], ["0000000000000001"])
        said = self.results(self.run_circuit("at-least32.txt", "--first", "5", "--second", "6", "--json"))
        self.assertEqual(said["outputs"], ["0"])
        said = self.results(self.run_circuit("multiplier32.txt", "--first", "ffffffff", "--second", "ffffffff", "--json"))
        self.assertEqual(said["outputs"], ["fffffffe00000001"])

    def test_one_and_takes_the_bytes_of_the_specification(self): # protocol.md 7, n = 1
        said = self.results(self.run_text(AND, "--first", "1", "--second", "1", "--json"))
        self.assertEqual(said["outputs"], ["1"])
        self.assertEqual(said["bytes_from_first"], 8224 + 5696 + 1024 + 113 + 121 + 66)
        self.assertEqual(said["bytes_from_second"], 8224 + 5696 + 1024 + 113 + 64 + 67)

    def test_without_json_it_is_a_few_lines(self):
        done = self.run_text(AND, "--first", "1", "--second", "0")
        self.assertEqual(done.returncode, 0, done.stderr)
        lines = done.stdout.splitlines()
        self.assertEqual(lines[0].split(), ["output", "0"])
        self.assertEqual(lines[1].split(), ["ANDs", "1"])
        self.assertEqual(lines[2], "bytes     15,244 from the first, 15,188 from the second")
        self.assertEqual(done.stderr, "")

    def test_any_value_goes_to_either_person(self):
        for who in ("first", "second"):
            for other in ("first", "second"):
                said = self.results(self.run_text(THREE, "--input", f"2=1@{who}", "--input", f"3=3@{other}",
                                                  "--first", "0", "--json"))
                self.assertEqual(said["outputs"], ["1", "0"])

    def test_what_is_missing_or_too_large_or_nothing_is_said(self):
        adder = "adder64.txt"
        self.refused(self.run_circuit(adder, "--first", "7"), 2, "input value 2, of 64 bits, is missing: --second HEX")
        self.refused(self.run_circuit(adder, "--second", "7"), 2, "input value 1", "--first HEX")
        self.refused(self.run_text(THREE, "--first", "0", "--second", "0"), 2, "--input 3=HEX@first, or @second")
        self.refused(self.run_circuit(adder, "--first", "10000000000000000", "--second", "1"), 2,
                     "input value 1 takes 65 bits, but has room for 64")
        self.refused(self.run_text(AND, "--first", "2", "--second", "1"), 2, "takes 2 bits, but has room for 1")
        for bad in ("", "0x", "-1", "1g", "1 ", "\x1b[31m"):
            done = self.run_circuit(adder, "--first", bad, "--second", "1")
            self.refused(done, 2, "no hexadecimal number")
            self.assertNotIn("\x1b", done.stderr)
        self.refused(self.run_circuit(adder, "--first", "1", "--second", "1", "--input", "3=1@first"), 2,
                     "there is no input value 3: this circuit has 2")
        self.refused(self.run_circuit(adder, "--first", "1", "--input", "1=1@first"), 2, "was given twice")
        for bad in ("3", "=1@first", "1@first", "x=1@first", "1=1@third", "1=1"):
            self.refused(self.run_circuit(adder, "--input", bad), 2, "should look like --input 3=1f@first")
        for bad in ("0=1@first", "65=1@first", "99999999999=1@first"):
            self.refused(self.run_circuit(adder, "--input", bad), 2)
        self.refused(self.run_circuit(adder, "--frist", "1"), 2, "--first")
        self.refused(self.run_circuit("no-such-file.txt", "--first", "1"), 2, "cannot be read")

    def test_leading_zeros_do_not_count(self):
        said = self.results(self.run_text(AND, "--first", "0x0001", "--second", "00", "--json"))
        self.assertEqual(said["outputs"], ["0"])

    def test_a_wrong_file_is_status_3_with_its_line(self):
        self.refused(self.run_text("", "--first", "1"), 3, "the file is empty")
        self.refused(self.run_text("1 3\n2 1 1\n1 1\n2 1 0 1 2 NAND\n", "--first", "1", "--second", "1"), 3,
                     "line 4: 'NAND' is no gate")
        self.refused(self.run_text("1 3\n1 1 1\n2 1 0 1 2 AND\n"), 3, "line 2: this is the older Bristol format")
        self.refused(self.run_text(bytes(range(256)) * 300), 3)

    def test_endless_blanks_take_no_memory(self):
        for blank, status, says in ((b" ", 3, "is empty"), (b"\t \r", 3, "is empty"), (b"\n", 2, "empty lines")):
            with subprocess.Popen([os.environ["TACIT"], "circuit", "/dev/stdin", "--first", "1", "--second", "1"],
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
                piece = blank * (3 << 18)
                try:
                    for _ in range(128): # a hundred megabytes and more
                        child.stdin.write(piece)
                    with open(f"/proc/{child.pid}/status", encoding="ascii") as file:
                        resident = [line for line in file if line.startswith("VmRSS")]
                    if resident: # in kB; under a sanitizer a program is larger to begin with
                        self.assertLess(int(resident[0].split()[1]), 60_000)
                    child.stdin.close()
                except BrokenPipeError:
                    pass
                said = child.stderr.read().decode()
            self.assertEqual(child.returncode, status, said)
            self.assertIn(says, said)

    def test_blanks_beyond_the_first_do_not_count(self):
        wide = "\n\n  1 \t  3\r\n   2   1 1\n\n1    1\n\n   2 1 0   1 2     AND   \n\n"
        said = self.results(self.run_text(wide, "--first", "1", "--second", "1", "--json"))
        self.assertEqual(said["outputs"], ["1"])
        done = self.run_text(wide.replace("AND", "NAND"), "--first", "1", "--second", "1")
        self.assertIn("line 8", done.stderr)

    def test_a_constant_output_needs_no_message(self):
        said = self.results(self.run_text("1 3\n2 1 1\n1 1\n1 1 1 2 EQ\n", "--first", "0", "--second", "0", "--json"))
        self.assertEqual((said["outputs"], said["bytes_from_first"], said["flights"]), (["1"], 0, 0))

    def test_help_has_examples(self):
        done = subprocess.run([os.environ["TACIT"], "circuit", "--help"], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0)
        self.assertIn("tacit circuit adder64.txt --first 7 --second 8", done.stdout)


if __name__ == "__main__":
    unittest.main()
