"""``kata submit``: a zip that ``autograde grade`` takes, checked first as it will be there."""

from __future__ import annotations

import getpass
import os
import re
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

from autograder.kata.engine import Cancelled, Engine
from autograder.kata.terminal import Screen
from autograder.kata.words import Line
from autograder.kata.workspace import Workspace, WorkspaceError
from autograder.outline import Exercise


class NotPacked(Exception):
    """No zip was written; the message says why."""


def default_name() -> str:
    """The user's name on this machine, as it will stand in the gradebook."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "student"


def _file_name(name: str) -> str:
    safe = re.sub(r"[^\w.@+-]+", "_", name).strip("._-")
    if not safe:
        raise NotPacked(f"{name!r} cannot be the name of a file; pass another with --name.")
    return f"{safe}.zip"


def run(workspace: Workspace, out: Path | None, name: str | None, screen: Screen) -> int:
    """Pack, check, write; exit code 0 when all that was packed passed here, else 1.

    Raises :class:`NotPacked` where nothing could be written: no exercise was started, a file is
    unreadable, the disk is full. The zip is written even if checks fail: it is the student's
    to decide.
    """
    started = [e for e in workspace.course.exercises if not workspace.is_stub(e)]
    if not started:
        raise NotPacked("nothing to submit: every exercise is still its stub.")
    target = out or Path.cwd() / _file_name(name or default_name())
    if target.suffix != ".zip":
        raise NotPacked(f"--out {target} must end in .zip.")
    try:
        sources = [(exercise, workspace.source(exercise)) for exercise in started]
    except WorkspaceError as error:
        raise NotPacked(f"{error} Mend it, or `kata reset` it.") from None
    passed = 0
    try:
        folder = tempfile.TemporaryDirectory(dir=target.parent, prefix=".kata-")
        with folder as made:
            packed = Path(made, target.name)
            _pack(packed, sources)
            _take_as_instructor(packed, workspace, started)
            passed = _check(workspace, sources, screen)
            packed.replace(target)
    except OSError as error:
        raise NotPacked(f"{target} was not written: {error.strerror or error}.") from None
    _say(workspace, target, started, passed, screen)
    return 0 if passed == len(started) else 1


def _pack(path: Path, sources: Sequence[tuple[Exercise, bytes]]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for exercise, source in sources:
            archive.writestr(f"{exercise.chapter}/{exercise.id}.py", source)


def _take_as_instructor(path: Path, workspace: Workspace, started: Sequence[Exercise]) -> None:
    """Read the zip back with the very code that grading reads it with."""
    from autograder.submissions import SubmissionsError, collect

    try:
        (found,) = collect(path, workspace.course, tuple(started))
    except SubmissionsError as error:
        raise NotPacked(str(error)) from None
    for id, answer in found.answers.items():
        if answer.source is None:
            raise NotPacked(f"{id} would not be accepted: {answer.message}")


def _check(workspace: Workspace, sources: Sequence[tuple[Exercise, bytes]], screen: Screen) -> int:
    """Check what was packed, behind walls where this machine has them; how many passed."""
    from autograder.kata.checking import check_source, remember, stub_of
    from autograder.sandbox import bubblewrap

    engine = Engine(workspace.course, walls=not bubblewrap.probe())
    engine.warm(sources[0][0])
    passed = 0
    try:
        for exercise, source in sources:
            where = workspace.shown(workspace.path(exercise))
            stub = stub_of(workspace, exercise)
            checked = remember(workspace, check_source(engine, exercise, source, where, stub))
            right, ran = checked.counts
            passed += checked.passed
            kind, words = ("good", "passed") if checked.passed else ("bad", "not yet")
            screen.show([Line(kind, f"{exercise.id}: {right} of {ran} checks", words)])
    except (KeyboardInterrupt, Cancelled):
        raise NotPacked("stopped; nothing was written.") from None
    finally:
        engine.close()
    return passed


def _say(
    workspace: Workspace, target: Path, started: Sequence[Exercise], passed: int, screen: Screen
) -> None:
    shown = os.path.relpath(target)
    lines = [Line("summary", f"{shown} is packed: {len(started)} exercises, {passed} passed here.")]
    hidden = sum(e.hidden_checks for e in started)
    if hidden:
        lines.append(Line("summary", f"{hidden} hidden checks will run at grading."))
    else:
        words = "This installation has every check of these exercises: none is hidden."
        lines.append(Line("quiet", f"{words} Grading runs them on other inputs."))
    missing = len(workspace.course.exercises) - len(started)
    if missing:
        lines.append(Line("quiet", f"{missing} exercises are still stubs and were left out."))
    if passed < len(started):
        lines.append(Line("next", "kata check --all   says what is missing"))
    screen.show(lines)
