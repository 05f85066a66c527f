"""Memory gathered into huge pages is the same memory."""

from __future__ import annotations

import subprocess
import sys

CODE = """
import os
from autograder.sandbox.inside.hugepages import collapse

kept = [bytes([n % 251]) * 100_000 for n in range(200)]
made = collapse()
pid = os.fork()
if pid == 0:
    kept[3] = b"changed"
    os._exit(0)
assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
assert made >= 0 and kept == [bytes([n % 251]) * 100_000 for n in range(200)]
"""


def test_what_was_there_stays_there() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
