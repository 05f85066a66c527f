"""`autograde grade`: from a folder of submissions to marks, feedback and a gradebook file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.commands.options import CourseOption, UnsafeOption

SOURCES = (
    "canvas, moodle, blackboard, brightspace, gradescope, nbgrader, classroom, folders, single"
)
"""What ``--from`` takes; a test compares it with :data:`autograder.ingest.layouts.CHOICES`."""


def grade(
    given: Annotated[
        str,
        typer.Argument(
            metavar="SUBMISSIONS",
            help="An LMS download, a folder of submissions, or a single submission.",
        ),
    ],
    out: Annotated[str, typer.Option("--out", help="Folder for the results.")] = "out",
    only: Annotated[
        list[str] | None,
        typer.Option(help="Only these exercises or chapters (ids; a,b or repeated)."),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(
            min=1, help="How many submissions to grade at once (default: a few per core)."
        ),
    ] = None,
    seed: Annotated[
        str | None, typer.Option(help="Use this seed for hidden inputs, to repeat an earlier run.")
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Regrade even if already graded.")] = False,
    db: Annotated[
        str | None, typer.Option(help="Database for the results, as an SQLAlchemy URL.")
    ] = None,
    graders: Annotated[list[Path] | None, typer.Option(help="Folder of private graders.")] = None,
    gradebook: Annotated[
        Path | None, typer.Option(help="nbgrader course folder that gets the marks.")
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="SOURCE",
            help=f"Where SUBMISSIONS comes from, if it is not recognised: {SOURCES}.",
        ),
    ] = None,
    attempt: Annotated[
        str, typer.Option(help="Which of several attempts counts: latest or first.")
    ] = "latest",
    roster: Annotated[
        Path | None, typer.Option(help="The class roster: an export of your LMS, or any CSV.")
    ] = None,
    file_times: Annotated[
        bool,
        typer.Option(
            "--file-times",
            help="With --gradebook: where timestamp.txt is missing, use the times of the files.",
        ),
    ] = False,
    course: CourseOption = None,
    unsafe: UnsafeOption = False,
) -> None:
    """Grade submissions: results.jsonl, grades.csv and a feedback page for each student."""
    from autograder.commands.class_run import Request, run

    request = Request(
        submissions=given,
        out=out,
        only=only or [],
        jobs=jobs,
        seed=seed,
        fresh=fresh,
        db=db,
        graders=tuple(graders or ()),
        gradebook=gradebook,
        source=source,
        attempt=attempt,
        roster=roster,
        file_times=file_times,
        course=course,
        unsafe=unsafe,
    )
    raise typer.Exit(run(request))
