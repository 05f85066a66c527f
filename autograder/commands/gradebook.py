"""The end of ``autograde grade --gradebook``: marks into an nbgrader course."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from rich.console import Console

from autograder.commands.build import need_nbgrader
from autograder.commands.options import stop
from autograder.ingest.submissions import Submission
from autograder.model import Result
from autograder.outline import Chapter, Course, Exercise
from autograder.report.clean import one_line
from autograder.report.numbers import counted


def check_folder(root: Path) -> None:
    """Exit 2 before anything is graded where ``root`` cannot take marks."""
    need_nbgrader()
    from autograder.gradebook.folder import CONFIG

    if not (root / CONFIG).is_file():
        raise stop(f"{root} holds no {CONFIG}; run `autograde release OUT --root {root}` first")


def enter(
    course: Course,
    exercises: tuple[Exercise, ...],
    root: Path,
    db: str | None,
    submissions: list[Submission],
    results: list[Result],
    console: Console,
) -> int:
    """Put the results into the gradebook; exit 2 where nbgrader cannot take any.

    Returns 3 where a student's could not be put there, who is named on stderr, and else 0.

    Only chapters that were graded whole go in: an exercise left out by ``--only`` would count
    as not handed in.
    """
    from autograder.gradebook import folder

    ids = {e.id for e in exercises}
    chapters = [c for c in course.chapters if c.exercises and {e.id for e in c.exercises} <= ids]
    began = time.monotonic()
    try:
        with folder.opened(root, db) as nbgrader:
            released = folder.released(nbgrader, chapters)
            failed = folder.place(root, course, submissions)
            with console.status("gradebook …") as status:

                def done(chapter: Chapter, count: int) -> None:
                    status.update(f"gradebook … {chapter.id}: {count} notebooks")

                count, more = folder.ingest(nbgrader, released, results, done)
    except folder.GradebookError as error:
        raise stop(str(error)) from None
    except OSError as error:
        raise stop(f"{error.filename or root} cannot be written: {error.strerror}") from None
    seconds = time.monotonic() - began
    books = counted(count, "notebook")
    words = f"{books} in the gradebook of {root}; {seconds:.1f} s"
    console.print(words, highlight=False, markup=False, soft_wrap=True)
    left = [c.id for c in chapters if c not in released]
    if left:
        console.print(
            f"Not released yet, so without marks there: {', '.join(left)}.", soft_wrap=True
        )
    failed += more
    for words in dict.fromkeys(failed):
        print(f"NOT IN THE GRADEBOOK: {one_line(words)}", file=sys.stderr)
    return 3 if failed else 0
