"""A few seconds of fuzzing in every run; ``python -m tests.fuzz 100000`` is the long one."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("nbconvert")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="readers are forked where there is fork")
def test_no_input_ends_a_reader_or_gets_an_error_out_of_it() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz", "800", "1"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found = re.search(
        r"(\d+) inputs from seed 1, (\d+) of them read.*at most (\d+) MB", done.stdout
    )
    assert found is not None, done.stdout
    inputs, read, megabytes = map(int, found.groups())
    assert inputs == 800 and read > 250  # most get past the first check of their reader
    assert megabytes < 300
