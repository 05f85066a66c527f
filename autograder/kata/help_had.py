"""What a submission says of itself: who hands in, with which kata, and which solutions it had.

A class workspace has no solutions, but an installation beside it may: `kata-course` has them, and
any student may install it. That is allowed, but the instructor should know about it. So kata tells
the student and writes it into the zip.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from autograder import __version__, outline
from autograder.errors import KataError
from autograder.kata.lines import Line
from autograder.kata.workspace import Workspace
from autograder.text.numbers import counted

FILE = "kata-submission.json"


def about(workspace: Workspace, name: str) -> dict[str, Any]:
    """What the file in the zip says."""
    try:
        standings = workspace.progress.standings()
    except KataError:
        standings = {}
    seen = [e.id for e in workspace.course.exercises if e.id in standings]
    return {
        "name": name,
        "kata": __version__,
        "class_workspace": workspace.bundle,
        "solutions_installed": installed(workspace),
        "solutions_seen_before_passing": [id for id in seen if standings[id].gave_up],
    }


def installed(workspace: Workspace) -> list[str]:
    """Exercises of a class workspace whose solutions this installation has all the same."""
    if not workspace.bundle:
        return []
    folder = outline.bundled() / "solutions"
    return [
        e.id
        for e in workspace.course.exercises
        if (folder / e.chapter / f"{e.id}.py").is_file()
        and not workspace.course.solution(e).is_file()
    ]


def text(about: dict[str, Any]) -> bytes:
    """The file."""
    return (json.dumps(about, indent=1, ensure_ascii=False) + "\n").encode()


def lines(about: dict[str, Any]) -> Iterator[Line]:
    """What the student reads of it."""
    if ids := about["solutions_installed"]:
        yield Line(
            "open",
            f"This installation of kata has the solutions of {counted(len(ids), 'exercise')} of "
            "your class (kata-course). The submission says so. To hand in without: pip uninstall "
            "kata-course kata-autograder, then install kata-student from your class folder.",
            "note",
        )
    if ids := about["solutions_seen_before_passing"]:
        yield Line("quiet", f"The submission also says whose solution you saw: {', '.join(ids)}.")
