"""`autograde audit`: is every grader right, and does it stay so?"""

from __future__ import annotations

import contextlib
import os
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from autograder import audit as audit_
from autograder.commands.options import CourseOption, UnsafeOption, open_course, walls_or_exit


def audit(
    ids: Annotated[list[str] | None, typer.Argument(help="Exercises; all when left out.")] = None,
    repeat: Annotated[int, typer.Option(min=1, help="Runs of each specimen.")] = 1,
    load: Annotated[bool, typer.Option("--load", help="Keep every core busy meanwhile.")] = False,
    jobs: Annotated[int, typer.Option(min=1, help="Judges at a time.")] = 1,
    only: Annotated[str, typer.Option(help="Specimens whose name contains this.")] = "",
    seed: Annotated[str | None, typer.Option(help="Repeat with this seed.")] = None,
    course: CourseOption = None,
    unsafe: UnsafeOption = False,
) -> None:
    """Grade the graders: stub 0, right answers full, each wrong one caught by its check."""
    opened = open_course(course)
    walls = walls_or_exit(unsafe)
    from autograder.commands.options import pick

    exercises = pick(opened, ids or [])
    console = Console()
    cores = os.cpu_count() or 1
    busy = audit_.load(cores) if load else contextlib.nullcontext()
    with busy, console.status("auditing …") as status:
        done = 0

        def progress(finding: audit_.Finding) -> None:
            nonlocal done
            done += 1
            status.update(
                f"auditing … {done} done, last {finding.exercise}/{finding.specimen.name}"
            )

        findings = audit_.audit(
            opened,
            exercises,
            repeat=repeat,
            jobs=jobs,
            walls=walls,
            seed=seed,
            only=only,
            progress=progress,
        )
    table = Table("exercise", "specimen", "expected", "runs", "wrong runs", "seconds", "verdict")
    for f in findings:
        wrong = len(f.problems)
        verdict = "[green]as it must be[/]" if f.good else "[red]" + f.problems[0][:300] + "[/]"
        expected = f.specimen.check or f.specimen.expected
        each = f"{f.seconds / max(1, f.runs):.2f}"
        table.add_row(f.exercise, f.specimen.name, expected, str(f.runs), str(wrong), each, verdict)
    console.print(table)
    bad = [f for f in findings if not f.good]
    for f in bad:
        console.print(f"{f.exercise}/{f.specimen.name}", style="red")
        for problem in sorted(set(f.problems))[:6]:
            console.print(f"  {problem}", markup=False)
    runs = sum(f.runs for f in findings)
    console.print(f"{len(findings)} specimens, {runs} runs, {len(bad)} fell short")
    raise typer.Exit(1 if bad else 0)
