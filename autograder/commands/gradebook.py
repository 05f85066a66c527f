"""The end of ``autograde grade --gradebook``: marks into an nbgrader course."""

from __future__ import annotations

import contextlib
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from autograder.commands.build import need_nbgrader
from autograder.commands.ending import LOOK, say
from autograder.errors import KataError, file_errors
from autograder.ingest.layouts.nbgrader import CONFIG
from autograder.ingest.readers import make_ready
from autograder.outline import Chapter, Course, Exercise
from autograder.text.clean import one_line
from autograder.text.numbers import counted

if TYPE_CHECKING:
    from autograder.gradebook.entering import Marks


def check_folder(root: Path, course: Course, exercises: tuple[Exercise, ...]) -> None:
    """Exit 2 before anything is graded where ``root`` cannot take marks, or none would go in."""
    need_nbgrader()
    if not (root / CONFIG).is_file():
        raise KataError(f"{root} has no {CONFIG}; run `autograde release OUT --root {root}` first")
    if not _whole(course, exercises):
        raise KataError(
            f"--gradebook takes whole chapters, and this run grades only a part: "
            f"{_in_part(course, exercises)}. Name the chapter, or leave --gradebook out"
        )


def _whole(course: Course, exercises: tuple[Exercise, ...]) -> list[Chapter]:
    """The chapters that are graded whole: an exercise left out would count as not handed in."""
    ids = {e.id for e in exercises}
    return [c for c in course.chapters if c.exercises and {e.id for e in c.exercises} <= ids]


def _in_part(course: Course, exercises: tuple[Exercise, ...]) -> str:
    """The chapters that are graded in part, each with what of it is graded."""
    whole = {c.id for c in _whole(course, exercises)}
    parts: dict[str, list[str]] = {}
    for exercise in exercises:
        if exercise.chapter not in whole:
            parts.setdefault(exercise.chapter, []).append(exercise.id)
    return "; ".join(f"{chapter} ({', '.join(ids)})" for chapter, ids in parts.items())


def get_ready(course: Course) -> None:
    """Import nbgrader, and have a reader import its part: each takes a second.

    What fails here fails again, with words, where it is needed. Not for a thread: imports in two
    threads wait for each other where packages import each other.
    """
    make_ready(course)
    with contextlib.suppress(Exception):
        from nbgrader.apps import baseapp  # noqa: F401

        from autograder.gradebook import autograding, entering, exporter, reuse  # noqa: F401


def enter(
    course: Course,
    exercises: tuple[Exercise, ...],
    root: Path,
    db: str | None,
    marks: Marks,
    console: Console,
) -> int:
    """Put the results into the gradebook; exit 2 where nbgrader cannot take any.

    Returns 3 where a student's could not be put there, who is named on stderr, or nobody's were,
    and else 0.
    """
    from autograder.authoring import nbgrader_folder
    from autograder.gradebook import entering

    chapters = _whole(course, exercises)
    began = time.monotonic()
    with file_errors("cannot be written", root), nbgrader_folder.opened(root, db) as nbgrader:
        released = nbgrader_folder.released(nbgrader, chapters)
        with console.status("gradebook …") as status:

            def done(chapter: Chapter, count: int) -> None:
                status.update(f"gradebook … {chapter.id}: {counted(count, 'notebook')}")

            entered = entering.enter(nbgrader, root, course, released, marks, done)
    seconds = time.monotonic() - began
    words = f"{counted(entered.count, 'notebook')} in the gradebook of {root}; {seconds:.1f} s"
    left = [c.id for c in chapters if c not in released]
    part = _in_part(course, exercises)
    lines = (
        words,
        *([f"Not released yet, so not in the gradebook: {', '.join(left)}."] if left else []),
        *([f"Not entered, because it was graded only in part: {part}."] if part else []),
        *(f"Nothing to enter for {one_line(words)}" for words in entered.nothing),
    )
    say(console, lines)
    failed = list(dict.fromkeys(entered.failed))
    if not entered.count and not failed:
        failed = ["no notebook: " + _why_none(left, [c.id for c in released])]
    for words in failed:
        print(f"NOT IN THE GRADEBOOK: {one_line(words)}", file=sys.stderr)
    return LOOK if failed else 0


def _why_none(unreleased: list[str], released: list[str]) -> str:
    if not released:
        return f"{', '.join(unreleased)} is not released; run `autograde release` first"
    return f"no submission has a readable answer to {', '.join(released)}"
