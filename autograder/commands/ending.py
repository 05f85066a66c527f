"""The end of `autograde grade`: reports are written, results shown, and what to look at said."""

from __future__ import annotations

import datetime
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from autograder.grading.plan import Plan
from autograder.outline import Course
from autograder.report.people import People, joined, read_people
from autograder.text.clean import one_line
from autograder.text.numbers import counted

if TYPE_CHECKING:
    from autograder.report import Written
    from autograder.report.merging import Merged

LOOK = 3
"""Exit code where a person should look at something."""


def report(
    course: Course,
    plan: Plan,
    people: People,
    console: Console,
    out: Path,
    began: float,
    summary: Path | None = None,
) -> tuple[int, frozenset[tuple[str, str]]]:
    """Write the reports beside those of earlier runs and show this run's results.

    ``summary`` is a file to write as Markdown. Returns the exit code, which is 3 with a fault of
    ours and where a report could not be written or an earlier one not be read, and student and
    exercise of the earlier results that are kept because this run has no answer.
    """
    from autograder.report import markdown, write_all
    from autograder.report.feedback import RunInfo
    from autograder.report.grouping import ByStudent
    from autograder.report.merging import merged
    from autograder.report.review import review_lines
    from autograder.report.terminal import results_table, summary_lines

    all_ = merged(out, plan.results, course)
    people = joined(read_people(out / "students.csv"), people)
    when = datetime.datetime.now().astimezone().strftime("%Y-%m-%d %H:%M %Z")
    info = RunInfo(course.title, when, plan.sources)
    current = ByStudent(all_.current)
    every = current if all_.results is all_.current else ByStudent(all_.results)
    written = write_all(out, every, course, info, people=people, students=current)
    if summary is not None:
        with written.attempt(str(summary)):
            markdown.write(summary, every, course, people)
    console.print(results_table(current, course, console.width, people))
    say(console, summary_lines(all_.current))
    there, seconds = one_line(str(out)), time.monotonic() - began
    count = counted(written.pages, "page")
    say(
        console,
        [
            f"{there}/results.jsonl, {there}/grades.csv, {there}/feedback/ ({count}); "
            f"{seconds:.1f} s",
            *all_.notes,
            *review_lines(all_.current),
        ],
    )
    looks = _looks(all_, written)
    for words in looks:
        print(words, file=sys.stderr)
    return LOOK if looks else 0, all_.earlier


def _looks(all_: Merged, written: Written) -> list[str]:
    """A line for everything that a person should look at."""
    from autograder.report.faults import fault_lines

    looks = [f"NOT READ {all_.unread}"] if all_.unread else []
    looks += [f"NOT WRITTEN: {words}" for words in written.failed]
    return looks + fault_lines(all_.current)


def say(console: Console, lines: Iterable[str]) -> None:
    """Print lines as they are: broken between words on a terminal, and whole in a pipe."""
    for line in lines:
        console.print(line, highlight=False, markup=False, soft_wrap=not console.is_terminal)


def say_not_stored(plan: Plan) -> int:
    """Name a store that failed under way; the exit code that this makes."""
    if not plan.not_stored:
        return 0
    words = f"NOT STORED, so to be graded again next time: {plan.not_stored}"
    print(one_line(words), file=sys.stderr)
    return LOOK
