"""`autograde grade`: from a folder of submissions to marks, feedback and a gradebook file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.commands.options import (
    CourseOption,
    NetworkOption,
    TlsOption,
    UnsafeOption,
    WallsOption,
)

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
    out: Annotated[str, typer.Option("--out", help="Write the results to this folder.")] = "out",
    only: Annotated[
        list[str] | None,
        typer.Option(help="Grade only these exercises or chapters (ids: a,b or repeated)."),
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
        str | None, typer.Option(help="Store the results in this database (an SQLAlchemy URL).")
    ] = None,
    graders: Annotated[
        list[Path] | None, typer.Option(help="Add the private graders in this folder.")
    ] = None,
    gradebook: Annotated[
        Path | None, typer.Option(help="Enter the marks into this nbgrader course folder.")
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="SOURCE",
            help=f"Read SUBMISSIONS as a download of this kind: {SOURCES}.",
        ),
    ] = None,
    attempt: Annotated[
        str, typer.Option(help="Grade the latest or the first of several attempts.")
    ] = "latest",
    roster: Annotated[
        Path | None, typer.Option(help="Use this class roster: an export of your LMS, or any CSV.")
    ] = None,
    file_times: Annotated[
        bool,
        typer.Option(
            "--file-times",
            help="With --gradebook: use the files' own times where timestamp.txt is missing.",
        ),
    ] = False,
    scheduler: Annotated[
        str | None,
        typer.Option(
            metavar="URL", help="Grade on the workers of this Dask scheduler: tcp://host:8786."
        ),
    ] = None,
    mixed: Annotated[
        bool,
        typer.Option(
            "--mixed",
            help="With --scheduler: use workers with other versions of Python, torch or NumPy.",
        ),
    ] = False,
    tls: TlsOption = None,
    summary: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Also write the results as Markdown, for a job summary."),
    ] = None,
    course: CourseOption = None,
    walls: WallsOption = None,
    network: NetworkOption = False,
    unsafe: UnsafeOption = False,
) -> None:
    """Grade submissions; write results.jsonl, grades.csv and a feedback page per student."""
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
        scheduler=scheduler,
        mixed=mixed,
        tls=tls,
        summary=summary,
        course=course,
        walls=walls,
        network=network,
        unsafe=unsafe,
    )
    raise typer.Exit(run(request))
