"""`autograde gradescope`: grade one submission as Gradescope's harness asks for it."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from autograder.commands.options import CourseOption, NetworkOption, UnsafeOption, WallsOption
from autograder.errors import KataError

ROOT = Path("/autograder")
_MOST_FILES = 1000
_CANNOT = 2
"""Exit code of `autograde grade` where nothing was graded."""


def gradescope(
    root: Annotated[
        Path, typer.Argument(metavar="ROOT", help="Gradescope's folder, with submission/.")
    ] = ROOT,
    graders: Annotated[
        list[Path] | None, typer.Option(help="Add the private graders in this folder.")
    ] = None,
    course: CourseOption = None,
    walls: WallsOption = None,
    network: NetworkOption = False,
    unsafe: UnsafeOption = False,
) -> None:
    """Grade ROOT/submission; write ROOT/results/results.json.

    An autograder made by `autograde release --gradescope` runs this. Whatever happens, the file is
    written: where grading fails, it says so to the student, and the reason is printed here.
    """
    from autograder.report import gradescope as report
    from autograder.text.atomic import own_folder

    if not root.is_dir():
        raise KataError(f"there is no folder {root}; name the one that has submission/ in it")
    code = 0
    try:
        options = _options(graders or [], walls, network, unsafe)
        _check(course, walls, network, unsafe)
        _say_whose(root / "submission_metadata.json")
        values = _graded(root / "submission", course, options)
    except (Exception, KeyboardInterrupt) as error:
        if isinstance(error, KataError):
            print(f"autograde: {error}", file=sys.stderr)
        else:
            traceback.print_exc()
        values, code = report.of_failure(), 3
    own_folder(root / "results")
    report.write(root / "results" / "results.json", values)
    raise typer.Exit(code)


def _options(graders: list[Path], walls: str | None, network: bool, unsafe: bool) -> list[str]:
    """The same options for `autograde grade`."""
    options = [word for folder in graders for word in ("--graders", str(folder))]
    options += ["--walls", walls] if walls is not None else []
    options += ["--allow-network"] if network else []
    return [*options, *(["--unsafe-no-sandbox"] if unsafe else [])]


def _check(course: Path | None, walls: str | None, network: bool, unsafe: bool) -> None:
    """:class:`KataError` for what is not the student's fault: course, packages, walls."""
    from autograder.commands.options import need_packages, open_course, walls_or_exit

    need_packages(open_course(course).exercises)
    walls_or_exit(unsafe, walls, network)


def _say_whose(path: Path) -> None:
    """Print what Gradescope says of the submission; due dates and lateness are its own matter."""
    from autograder.text.clean import one_line

    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
        users = [f"{user.get('name')} <{user.get('email')}>" for user in facts["users"]]
        words = f"Submission {facts.get('id')} of {', '.join(users)}, {facts.get('created_at')}"
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        words = f"{path} says nothing of the submission: {type(error).__name__}"
    print(one_line(words), flush=True)


def _graded(submission: Path, course: Path | None, options: list[str]) -> dict[str, Any]:
    """``results.json`` of a submission. It is graded in another process, whose end, whatever it
    is, leaves this one to say so."""
    from autograder.commands.options import open_course
    from autograder.environment import PYTHON
    from autograder.report import gradescope as report
    from autograder.report.files import read_files
    from autograder.report.jsonl import read_jsonl

    if not submission.is_dir():
        raise KataError(f"{submission} is not there; name the folder that it is in")
    opened, began = open_course(course), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="kata-results-") as folder:
        out = Path(folder)
        command = [*PYTHON, "-m", "autograder.cli", "grade", str(submission), "--from", "single"]
        command += ["--out", str(out), "--course", str(opened.root), *options]
        code = subprocess.run(command, check=False).returncode
        results = out / "results.jsonl"
        if results.is_file():
            rows = read_files(out / "files.csv") if (out / "files.csv").is_file() else []
            seconds = time.monotonic() - began
            return report.of_results(read_jsonl(results), opened, rows, seconds)
    if code != _CANNOT:
        raise KataError(f"autograde grade ended with exit code {code} and wrote no results")
    return report.of_nothing(opened, _names(submission))


def _names(folder: Path) -> Iterator[str]:
    """Files in a submission that none of was read, by their paths in it."""
    import os

    count = 0
    for place, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted(files):
            count += 1
            if count > _MOST_FILES:
                return
            yield Path(place, name).relative_to(folder).as_posix()
