"""Private graders: an instructor's own checks beside those of a course (``--graders DIR``)."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path

from autograder.errors import KataError
from autograder.outline import Course, Exercise


class PrivateGradersError(KataError):
    """A folder of private graders would add nothing; the message says why."""


def files(folders: Iterable[Path]) -> tuple[Path, ...]:
    """The files with checks in ``folders``, whatever folder within them they lie in."""
    return tuple(path for folder in folders for path in sorted(folder.rglob("test_*.py")))


def parts(course: Course, folders: Iterable[Path]) -> tuple[Path, ...]:
    """Those files, and the modules in grader folders that they may import."""
    theirs = {part for path in files(folders) for part in course.grader_parts(path)}
    return tuple(sorted(theirs))


def check(
    course: Course, exercises: Iterable[Exercise], folders: Iterable[Path], setting: str
) -> None:
    """Raise :class:`PrivateGradersError` where a folder has no grader for any of ``exercises``,
    or one that matches no exercise of the course. ``setting`` is what named the folders."""
    for folder in folders:
        problem = _problem(course, exercises, folder)
        if problem:
            raise PrivateGradersError(f"{setting} {problem}")


def _problem(course: Course, exercises: Iterable[Exercise], folder: Path) -> str:
    """What is wrong with a folder of private graders; empty where nothing is."""
    if not folder.is_dir():
        return f"{folder} is not a folder"
    known = [e.id for e in course.exercises]
    graders = {path: course.graded_by(path) for path in files([folder])}
    if not graders:
        return f"{folder} holds no grader: expected files such as test_{known[0]}_more.py"
    for path, id in graders.items():
        if id not in known:
            near = difflib.get_close_matches(id, known, n=1, cutoff=0.4)
            hint = f"; for {near[0]} use a name such as test_{near[0]}_more.py" if near else ""
            return f"{path} matches no exercise of {course.root}{hint}"
    if not {e.id for e in exercises} & set(graders.values()):
        named = ", ".join(sorted(set(graders.values())))
        return f"{folder} has graders for {named}, and none of these is graded in this run"
    return ""
