"""`autograde coverage`: the page that says what a course covers."""

from __future__ import annotations

from typing import Annotated

import typer

from autograder.commands.options import CourseOption, open_course
from autograder.errors import KataError


def coverage(
    check: Annotated[
        bool,
        typer.Option("--check", help="Write nothing; exit with code 1 if the page is out of date."),
    ] = False,
    course: CourseOption = None,
) -> None:
    """Write docs/coverage.md: sections, headings, exercises, checks, specimens, mutants."""
    from autograder.authoring import course_coverage as coverage_
    from autograder.text.atomic import replacing

    opened = open_course(course)
    path = opened.root / "docs" / "coverage.md"
    try:
        text = coverage_.page(opened)
        gaps = coverage_.gaps(opened)
    except (OSError, SyntaxError, ValueError) as error:  # a file of the course is at fault
        raise KataError(str(error)) from None
    for gap in gaps:
        print(f"gap: {gap}")
    if not check:
        path.parent.mkdir(exist_ok=True)
        with replacing(path) as file:
            file.write(text)
        print(f"{path} is written")
        return
    there = path.read_text(encoding="utf-8") if path.is_file() else ""
    if there != text:
        print(f"{path} is out of date; run `autograde coverage`")
    raise typer.Exit(1 if there != text or gaps else 0)
