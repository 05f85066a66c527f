"""`autograde stubs`: write exercises/ from solutions/."""

from __future__ import annotations

from typing import Annotated

import typer

from autograder.commands.options import CourseOption, ExerciseIds, open_course, pick
from autograder.errors import KataError


def stubs(
    ids: ExerciseIds = None,
    check: Annotated[
        bool,
        typer.Option(
            "--check", help="Write nothing; list the stubs that differ and exit with code 1."
        ),
    ] = False,
    course: CourseOption = None,
) -> None:
    """Write the students' stubs from the reference solutions."""
    from autograder import stubs as stubs_
    from autograder.text.numbers import counted

    loaded = open_course(course)
    chosen = tuple(pick(loaded, ids)) if ids else None
    changed = stubs_.write(loaded, chosen, check_only=check)
    for path in changed:
        print(("differs: " if check else "wrote ") + str(path))
    if check and changed:
        words = "exercises/ does not match solutions/; run `autograde stubs`"
        raise KataError(words, exit_code=1)
    if not changed:
        count = len(chosen or loaded.exercises)
        print(f"{counted(count, 'stub')} {'is' if count == 1 else 'are'} up to date")
