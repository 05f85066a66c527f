"""`autograde stubs`: write exercises/ from solutions/."""

from __future__ import annotations

from typing import Annotated

import typer

from autograder import stubs as stubs_
from autograder.commands.options import CourseOption, open_course, pick, stop
from autograder.text.numbers import counted


def stubs(
    ids: Annotated[list[str] | None, typer.Argument(help="Exercises; all when left out.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Only say what differs; exit 1.")] = False,
    course: CourseOption = None,
) -> None:
    """Write the student's stubs from the reference solutions."""
    opened = open_course(course)
    chosen = tuple(pick(opened, ids)) if ids else None
    try:
        changed = stubs_.write(opened, chosen, check_only=check)
    except stubs_.StubError as error:
        raise stop(str(error)) from None
    for path in changed:
        print(("differs: " if check else "wrote ") + str(path))
    if check and changed:
        raise stop("exercises/ does not match solutions/; run `autograde stubs`", 1)
    if not changed:
        count = len(chosen or opened.exercises)
        print(f"{counted(count, 'stub')} {'is' if count == 1 else 'are'} up to date")
