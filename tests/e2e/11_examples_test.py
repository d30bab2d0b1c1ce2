# SPDX-License-Identifier: ISC
"""The example script does what it says."""
import os
import subprocess

import two_people


class Examples(two_people.TwoPeople):
    def test_two_programs_put_a_question_through_tacit(self):
        script = os.path.join(two_people.SOURCE, "examples", "two-programs.sh")
        done = subprocess.run(["bash", script, two_people.TACIT], capture_output=True, text=True,
                              timeout=two_people.PATIENCE, check=False, env={**os.environ, **self.env})
        self.assertEqual(done.returncode, 0, done.stderr)
        for line in ("employer: an outcome was reached", "candidate: an outcome was reached",
                     "candidate's outcome: worth-talking", "employer's outcome:  worth-talking"):
            self.assertIn(line, done.stdout)


if __name__ == "__main__":
    two_people.main()
