"""A few seconds of fuzzing in every run; ``python -m tests.fuzz 100000`` is the long one."""

from __future__ import annotations

import os

import pytest

pytest.importorskip("nbconvert")

from autograder.outline import Course
from tests.fuzz.running import run


@pytest.mark.skipif(not hasattr(os, "fork"), reason="readers are forked where there is fork")
def test_no_input_ends_a_reader_or_gets_an_error_out_of_it(toy: Course) -> None:
    report = run(800, seed=1, course=toy)
    assert report.inputs == 800 and not report.findings, report.findings
    assert report.read > 250  # they get past the first check
    assert report.peak < 300 << 20
