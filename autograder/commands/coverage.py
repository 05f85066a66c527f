"""`autograde coverage`: the page that says what a course covers."""

from __future__ import annotations

from pathlib import Path
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
    """Write docs/coverage.md (sections, checks, specimens, mutants) and docs/clauses.md."""
    from autograder.authoring import contract_page
    from autograder.authoring import course_coverage as coverage_

    loaded = open_course(course)
    try:
        pages = {
            loaded.root / "docs" / "coverage.md": coverage_.page(loaded),
            loaded.root / "docs" / "clauses.md": contract_page.page(loaded),
        }
        gaps = coverage_.gaps(loaded)
    except (OSError, SyntaxError, ValueError) as error:  # a file of the course is at fault
        raise KataError(str(error)) from None
    for gap in gaps:
        print(f"gap: {gap}")
    if not check:
        for path, text in pages.items():
            _write(path, text)
        return
    old = [path for path, text in pages.items() if _read(path) != text]
    for path in old:
        print(f"{path} is out of date; run `autograde coverage`")
    raise typer.Exit(1 if old or gaps else 0)


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _write(path: Path, text: str) -> None:
    from autograder.text.atomic import replacing

    path.parent.mkdir(exist_ok=True)
    with replacing(path) as file:
        file.write(text)
    print(f"{path} is written")
