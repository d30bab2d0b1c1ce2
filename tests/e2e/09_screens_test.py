# SPDX-License-Identifier: ISC
"""The full terminal, driven as a person would through tmux: 80 by 24, with and without colour.
Nothing of it may stay behind when it ends."""
import os
import shutil
import signal
import subprocess
import time
import unittest

import two_people
from two_people import PATIENCE, TACIT, TALK


class Screen:
    """One tmux of its own, with a shell in it."""

    def __init__(self, folder, env, columns=80, rows=24):
        self.socket = os.path.join(folder, f"tmux-{columns}x{rows}-{time.monotonic_ns()}")
        plain = {key: value for key, value in os.environ.items() if key not in ("TMUX", "NO_COLOR")}
        self.env = {**plain, "LC_ALL": "C.UTF-8", **env}
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", str(columns), "-y", str(rows),
                  "exec env PS1='ready$ ' bash --norc --noprofile")
        self.tmux("set", "-g", "history-limit", "2000")
        self.see("ready")

    def tmux(self, *arguments):
        return subprocess.run(["tmux", "-u", "-S", self.socket, *arguments], env=self.env, check=True,
                              capture_output=True, text=True, timeout=PATIENCE).stdout

    def shown(self, *more):
        return self.tmux("capture-pane", "-p", *more)

    def everything(self):
        """The screen, what scrolled off it, and what stands on the alternate screen."""
        return self.shown("-S", "-")

    def see(self, *texts, gone=()):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            screen = self.shown()
            if all(text in screen for text in texts) and not any(text in screen for text in gone):
                return screen
            time.sleep(0.05)
        raise AssertionError(f"{texts} did not come: {self.shown()}")

    def state(self):
        """Is the alternate screen on, and the cursor shown?"""
        return self.tmux("display-message", "-p", "#{alternate_on} #{cursor_flag}").strip()

    def keys(self, *keys):
        self.tmux("send-keys", *keys)

    def run(self, command):
        self.tmux("send-keys", "-l", command)
        self.keys("Enter")

    def kill(self):
        subprocess.run(["tmux", "-S", self.socket, "kill-server"], capture_output=True, check=False)


@unittest.skipUnless(shutil.which("tmux"), "tmux is not installed: the full screens are not tested")
class Screens(two_people.TwoPeople):
    def screen(self, **more):
        return self.keep(Screen(self.folder, {**self.env, **more.pop("env", {})}, **more))

    def answer_all(self, screen, last):
        """try-again, with the keys of somebody who takes the first option each time."""
        for number in range(1, 6):
            screen.see(f"{number} of 5", "Not now, for any reason")
            self.assertNotIn("\u203a", screen.shown()) # nothing is chosen beforehand
            screen.keys("Enter") # … so this does nothing
            screen.keys("Down", "Enter")
        screen.see("Before you seal", last)

    def test_two_people_on_two_screens(self):
        she, he = self.screen(), self.screen()
        she.run(f"{TACIT} ask try-again --relay {self.relay.url}; echo status=$?")
        shown = she.see("Tell the other person this code", "/#")
        code = shown.split("/#")[1].split()[0]
        self.assertIn("not here yet", shown)
        he.run(f"{TACIT} answer --relay {self.relay.url}; echo status=$?")
        he.see("The code that the other person told you")
        number, first, second = code.split("-")
        he.tmux("send-keys", "-l", f"{number}-{first[:3]}")
        he.keys("Tab") # completes the first word and goes on to the next
        he.see(f"{number}-{first}-")
        he.tmux("send-keys", "-l", second[:3])
        he.keys("Tab")
        he.see(code)
        he.keys("Enter")
        she.see("The other person is here")
        for screen in (she, he):
            if screen is she:
                screen.keys("Enter")
            screen.see("The rule", "Do we try again")
            for _ in range(4): # Space pages down to the end of the text, then goes on
                if "1 of 5" in screen.shown():
                    break
                screen.keys("Space")
                time.sleep(0.3)
            self.answer_all(screen, "Seal")
            screen.keys("Down", "Enter")
        for screen in (she, he):
            screen.see("You would both like to talk", "Enter close")
            self.assertNotIn("If I could choose", screen.shown())
            screen.keys("Enter")
            screen.see("status=0")
            self.assertEqual(screen.state(), "0 1")
            left = screen.everything()
            for word in (first, "If I could choose", "You would both", "Seal", "The rule"):
                self.assertNotIn(word, left.replace(f"--relay {self.relay.url}", ""))

    def test_the_ways_back_and_out_at_a_question(self):
        she = self.screen()
        she.run(f"{TACIT} try try-again; echo status=$?")
        she.see("Practice")
        she.keys("PageDown", "PageDown", "PageDown", "Enter")
        she.see("the first person")
        she.keys("Enter")
        she.see("1 of 5")
        she.keys("Down", "Down", "Enter")
        she.see("2 of 5")
        she.keys("Left")
        shown = she.see("1 of 5")
        marked = [line for line in shown.split("\n") if line.lstrip().startswith("\u203a")]
        self.assertEqual(len(marked), 1)
        self.assertIn("some things change", marked[0]) # the answer given before is still marked
        she.keys("Down", "Down", "Down", "Enter") # not now
        shown = she.see("Before you seal", "not now, for any reason")
        she.keys("Down", "Enter")
        she.see("Now you are the second person")
        she.keys("C-c")
        she.see("status=130")
        self.assertIn("Nothing was revealed", " ".join(she.everything().split()))
        self.assertNotIn("Before you seal", she.everything())

    def test_a_program_that_dies_gives_the_terminal_back(self):
        for number, status in ((signal.SIGTERM, 143), (signal.SIGSEGV, 139), (signal.SIGABRT, 134),
                               (signal.SIGHUP, 129)):
            she = self.screen()
            she.run(f"{TACIT} try try-again; echo status=$?")
            she.see("Practice")
            pid = subprocess.run(["pgrep", "-P", she.tmux("list-panes", "-F", "#{pane_pid}").strip()],
                                 capture_output=True, text=True, check=True).stdout.split()[0]
            os.kill(int(pid), number)
            she.see(f"status={status}")
            self.assertEqual(she.state(), "0 1")
            she.run("echo t'yp'ed") # the echo is back
            she.see("ready$ echo t'yp'ed", "\ntyped")
            self.assertNotIn("Practice", she.everything())

    def test_sleeping_and_waking(self):
        she = self.screen()
        she.run(f"{TACIT} try try-again; echo status=$?")
        she.see("Practice")
        self.assertEqual(she.state(), "1 0")
        she.keys("C-z")
        she.see("Stopped", gone=("Practice",))
        self.assertEqual(she.state(), "0 1")
        she.run("fg")
        she.see("Practice")
        she.keys("C-c")
        she.see("You left.")

    def test_no_colour_is_no_colour_and_dumb_is_no_escape_at_all(self):
        colour = self.screen()
        colour.run(f"{TACIT} try try-again")
        colour.see("Practice")
        self.assertRegex(colour.shown("-e"), "\x1b\\[[0-9;]*3[0-7]")
        plain = self.screen(env={"NO_COLOR": "1"})
        plain.run(f"{TACIT} try try-again")
        plain.see("Practice")
        self.assertNotRegex(plain.shown("-e"), "\x1b\\[[0-9;]*[34][0-7]")
        dumb = self.terminal("try", "try-again")
        dumb.expect("Enter to go on")
        self.assertNotIn("\x1b", dumb.seen)

    def test_small_windows_and_a_change_of_size(self):
        she = self.screen(columns=40, rows=12)
        she.run(f"{TACIT} try last-night")
        she.see("Practice", "more below")
        for _ in range(30):
            if "Now you are" in she.shown():
                break
            she.keys("Space")
            time.sleep(0.1)
        she.see("Now you are")
        she.keys("Enter")
        she.see("The two of us ending", "Enter choose")
        she.tmux("resize-window", "-x", "100", "-y", "40")
        she.see("The two of us ending", "Not now, for any reason")

    def test_a_typo_in_the_code_is_said_at_the_prompt(self):
        he = self.screen()
        he.run(f"{TACIT} answer --relay {self.relay.url}; echo status=$?")
        he.see("The code")
        he.tmux("send-keys", "-l", "7-acorm-acorn")
        he.keys("Enter")
        he.see("acorm", "acorn")
        he.keys("C-u")
        he.tmux("send-keys", "-l", "4321-acorn-acorn")
        he.keys("Enter")
        he.see("status=7")

    def test_numbers_are_looked_at_as_they_are_typed(self):
        she = self.screen()
        she.run(f"{TACIT} ask in-range --relay {self.relay.url}; echo status=$?")
        she.see("Tell the other person")
        she.keys("Enter")
        she.see("The rule")
        for _ in range(5):
            if "1 of 3" in she.shown():
                break
            she.keys("Space")
            time.sleep(0.2)
        she.see("1 of 3", "in steps of 5,000", "Back")
        she.run("60001")
        she.see("60001", "1 of 3", "pay")
        she.keys("C-u")
        she.run("60000")
        she.see("2 of 3")
        she.keys("Escape")
        she.see("1 of 3", "60000")
        she.keys("Down", "Enter")
        she.see("Before you seal", "not now, for any reason")
        she.keys("C-c")
        she.see("status=130")


if __name__ == "__main__":
    two_people.main()
