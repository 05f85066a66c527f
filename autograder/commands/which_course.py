"""Which course submissions belong to: the one named, else that of an nbgrader folder."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from autograder.commands.options import open_course
from autograder.errors import KataError
from autograder.ingest.layouts.nbgrader import CONFIG
from autograder.ingest.readers import Request, read
from autograder.outline import Course
from autograder.text.clean import one_line


def course_of(named: Path | None, given: Path, gradebook: Path | None, console: Console) -> Course:
    """The course of ``--course``, else the one that an ``nbgrader_config.py`` names, else ours.

    That file is looked for in the gradebook's folder, in the folder given, and beside a folder
    called ``submitted``.
    """
    if named is not None:
        return open_course(named)
    for folder in _folders(given, gradebook):
        config = folder / CONFIG
        if not config.is_file():
            continue
        text = read(Request("named_course", (str(config.absolute()),))).value
        if not text:
            return open_course(None)
        path = (folder / text).resolve()
        own = gradebook is not None and folder == gradebook
        if not own and path.is_relative_to(folder.resolve()):
            # A class may have been given such a folder by a student, graders included.
            raise KataError(
                f"{config} names a course within its own folder, {one_line(text, 200)}: pass it "
                f"with --course if it is yours"
            )
        course = open_course(path)
        words = f"Course: {course.title}, {path} (from {config})"
        console.print(one_line(words), highlight=False, markup=False)
        return course
    return open_course(None)


def _folders(given: Path, gradebook: Path | None) -> list[Path]:
    folders = [gradebook] if gradebook is not None else []
    if (given / "submitted").is_dir():
        folders.append(given)
    if given.resolve().name == "submitted":
        folders.append(given.resolve().parent)
    return folders
