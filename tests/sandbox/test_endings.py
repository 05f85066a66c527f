"""How a worker ended, as a verdict and in words."""

from __future__ import annotations

import pytest

from autograder.judging import outcomes
from autograder.model import Verdict
from autograder.sandbox.endings import Ending, WorkerEnded

LEFT = "The process ended early: your code left it or closed its connection."


@pytest.mark.parametrize(
    ("ending", "detail", "verdict", "message"),
    [
        (Ending.TIMED_OUT, "5 s", Verdict.TIMED_OUT, "Timed out after 5 s."),
        (
            Ending.OUT_OF_CPU_TIME,
            "5 s of CPU time",
            Verdict.TIMED_OUT,
            "Timed out after 5 s of CPU time.",
        ),
        (Ending.OUT_OF_MEMORY, "96 MiB", Verdict.OUT_OF_MEMORY, "Used more than 96 MiB of memory."),
        (Ending.CRASHED, "SIGSEGV", Verdict.CRASHED, "The process crashed (SIGSEGV)."),
        (
            Ending.MALFORMED,
            "{detail}",
            Verdict.FAILED,
            "What your code returned could not be read ({detail}).",
        ),
        (Ending.EXITED, "exit code 0", Verdict.CRASHED, LEFT),
        (Ending.CLOSED, "", Verdict.CRASHED, LEFT),
    ],
)
def test_verdict_and_message(ending: Ending, detail: str, verdict: Verdict, message: str) -> None:
    outcome = outcomes.ended(ending, detail, "")
    assert (outcome.verdict, outcome.public_message) == (verdict, message)
    assert outcome.hidden_message == message and not outcome.loading
    loading = outcomes.ended(ending, detail, "loading your file").public_message
    assert loading.count(" while loading your file") == 1


def test_every_ending_has_an_outcome() -> None:
    assert set(outcomes._ENDINGS) == set(Ending)


def test_it_says_how_and_what_was_seen() -> None:
    ended = WorkerEnded(Ending.CRASHED, "SIGSEGV")
    assert "crashed" in str(ended) and "SIGSEGV" in str(ended)
