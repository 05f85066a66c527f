"""A check that faults: whose fault it is, and what is kept of it.

A check may fault because it is wrong, or because a submission gave what nobody thought of.
The judge asks the reference solution (:meth:`autograder.judging.judge.Judge.run`): where the same
check on the same inputs faults with it, too, or fails it, the fault is the grader's.
"""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import Any

from _pytest.outcomes import OutcomeException

from autograder.judging.showing import in_words
from autograder.judging.sides import ReferenceFault
from autograder.model import Verdict
from autograder.sandbox.endings import SandboxFault
from autograder.text.cutting import in_the_middle

CHECK_CPU = 60.0
"""Seconds of its own CPU time after which a judge gives a check up; most take less than 2 s."""

MOST = 3000
"""Most characters of a fault that is kept."""

_FRAMES = 8

_BESIDE = (
    "Beside your code this check could not be carried out; beside the reference solution it can."
)
_SLOW = "Reading what your code gave took too long."
_STRANGE = "What your code gave here is not what the check can read"


class TooMuchWork(Exception):
    """A check has used more CPU time in the judge than any honest one."""


def told(error: BaseException) -> str:
    """Kind and text of an error; an error that cannot even be printed has a kind."""
    try:
        text = str(error)
    except Exception as second:
        text = f"(its text cannot be made: {type(second).__name__})"
    return f"{type(error).__name__}: {text}"[:1500]


def placed(error: BaseException, grader: Path) -> str:
    """File and line of a fault, its kind and its text: ``test_double.py:41: KeyError: 'a'``.

    The line is the innermost one of the grader's own files, which is what its author can change.
    """
    if isinstance(error, SyntaxError) and error.filename and error.lineno:
        return f"{Path(error.filename).name}:{error.lineno}: {type(error).__name__}: {error.msg}"
    frames = _own_frames(error)
    own = [frame for frame in frames if _is_of(Path(frame.filename), grader)]
    if not frames:
        return told(error)
    frame = (own or frames)[-1]
    words = told(error)
    if words == f"{type(error).__name__}: ":  # a bare assert says nothing by itself
        words += f"`{frame.line}`"
    return f"{Path(frame.filename).name}:{frame.lineno}: {words}"


def _is_of(file: Path, grader: Path) -> bool:
    """Whether a file is the grader's, or lies in its folder where that is a package."""
    return file == grader or (
        grader.parent in file.parents and (grader.parent / "__init__.py").is_file()
    )


def _own_frames(error: BaseException) -> list[traceback.FrameSummary]:
    """The frames of an error, without those of pytest and of Python's own machinery."""
    return [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if not {"_pytest", "pluggy"} & set(Path(frame.filename).parts)
        and not frame.filename.startswith("<frozen ")
    ]


def recorded(error: BaseException) -> str:
    """The traceback of a fault, without pytest's own frames, for those who write the grader."""
    frames = _own_frames(error)
    if len(frames) > _FRAMES:
        frames = [*frames[: _FRAMES // 2], *frames[-_FRAMES // 2 :]]
    lines = [in_the_middle(line, 600) for line in traceback.format_list(frames)]
    return in_the_middle("".join(lines) + told(error), MOST)


def too_slow(error: BaseException) -> bool:
    """Whether the check was ended because it took too long in the judge."""
    # pytest-timeout ends a check through pytest.fail().
    return isinstance(error, TooMuchWork | OutcomeException)


def verdict_and_words(error: BaseException, given: Any, public: bool) -> tuple[Verdict, str]:
    """What a student reads whose submission made a check fault, and how it counts.

    ``given`` is the evidence that came last; a hidden check says nothing of it.
    """
    if too_slow(error):
        return Verdict.TIMED_OUT, _SLOW
    if isinstance(error, ReferenceFault | SandboxFault):
        return Verdict.FAILED, _BESIDE
    return Verdict.FAILED, f"{_STRANGE}: {in_words(given)}." if public else f"{_STRANGE}."
