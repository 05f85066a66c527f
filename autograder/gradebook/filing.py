"""Answers that came as files, put into notebooks under ``submitted``, where nbgrader looks."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable
from pathlib import Path

import nbformat

from autograder import extras
from autograder.gradebook.timestamps import TIMESTAMP
from autograder.ingest.contents.notebook_answers import stub_of
from autograder.ingest.readers import Request, read
from autograder.ingest.submissions import Submission, from_folders
from autograder.outline import Chapter, Course
from autograder.stubs import is_untouched
from autograder.text.atomic import LinkInTheWay, own_folder, replacing
from autograder.text.clean import clean
from autograder.text.regular import text

PLACED = "kata_placed"  # in a notebook's metadata: made by us from a file of the student's

NO_NAME = "the name of the folder cannot be a student's in nbgrader"


def storable(name: str) -> bool:
    """Whether a name can be a student's id and folder: plain text on one line."""
    if name in ("", ".", "..") or set("/\n\t\N{REPLACEMENT CHARACTER}") & set(name):
        return False
    return clean(name) == name


def same_name(name: str) -> str:
    """A student's name however a file system spells it."""
    return unicodedata.normalize("NFC", text(name))


def folder_names(root: Path) -> dict[str, str]:
    """The folders of students under ``submitted``, by :func:`same_name`."""
    submitted = root / "submitted"
    if not submitted.is_dir():
        return {}
    return {same_name(entry.name): entry.name for entry in os.scandir(submitted)}


def notebooks(folder: Path) -> list[Path]:
    """The notebooks that a student has in a chapter's folder."""
    return sorted(folder.glob("*.ipynb")) if folder.is_dir() else []


def is_placed(folder: Path, chapter: Chapter) -> bool:
    """Whether the only notebook in a folder is one of ours."""
    path = folder / f"{chapter.id}.ipynb"
    return notebooks(folder) == [path] and bool(read(Request("marked", (str(path), PLACED))).value)


def place(root: Path, chapter: Chapter, student: str, submission: Submission, stamp: bytes) -> None:
    """Write the answers to a chapter into its released notebook; what came along with them and
    ``stamp`` go beside it.

    Raises ``OSError``, :class:`~autograder.text.atomic.LinkInTheWay` for one, and ``ValueError``
    where two answers bring different files of one name.
    """
    release = root / "release" / chapter.id / f"{chapter.id}.ipynb"
    submitted = root / "submitted"
    folder = submitted / student / chapter.id
    path = folder / f"{chapter.id}.ipynb"
    files = _files(chapter, submission)
    for step in (submitted, folder.parent, folder, path, folder / TIMESTAMP):
        if step.is_symlink():
            raise LinkInTheWay(step)
    book = nbformat.read(release, as_version=4)
    for cell in book.cells:
        answer = submission.answers.get(cell.metadata.get("nbgrader", {}).get("grade_id", ""))
        if answer is not None and answer.source:
            cell.source = answer.source.decode("utf-8", "replace").rstrip("\n")
    book.metadata[PLACED] = True
    own_folder(folder, root)
    for name, data in files.items():
        own_folder((folder / name).parent, root)
        (folder / name).unlink(missing_ok=True)  # never written through a link
        (folder / name).write_bytes(data)
    with replacing(path) as file:
        file.write(nbformat.writes(book) + "\n")
    if stamp:
        with replacing(folder / TIMESTAMP) as file:
            file.write(stamp.decode("utf-8", "replace"))


def _files(chapter: Chapter, submission: Submission) -> dict[str, bytes]:
    """What came along with the answers to a chapter; nbgrader has one folder for all of them."""
    files: dict[str, bytes] = {}
    for exercise in chapter.exercises:
        answer = submission.answers.get(exercise.id)
        for name, data in answer.files if answer is not None else ():
            if extras.name_problem(name) or files.setdefault(name, data) != data:
                raise ValueError(
                    f"{chapter.id}: two of its answers come with different files named {name}"
                )
    return files


def conflicts(
    root: Path, course: Course, handed_in: Iterable[tuple[Chapter, str, Submission]]
) -> dict[tuple[str, str], str]:
    """By student and chapter: what a student's folder under ``submitted`` answers otherwise.

    nbgrader shows what lies there, and grades it when it is asked to: a mark of another text
    would stand beside it.
    """
    problems: dict[tuple[str, str], str] = {}
    for chapter, student, submission in handed_in:
        folder = root / "submitted" / student
        (theirs,) = from_folders([(folder, student)], course, chapter.exercises)
        other = [
            e.id
            for e in chapter.exercises
            if not _same(submission, theirs, e.id, stub_of(course, e).encode())
        ]
        if other:
            book = notebooks(folder / chapter.id)[0].relative_to(root)
            problems[student, chapter.id] = (
                f"{book} holds an answer to {', '.join(other)} other than the one graded now; "
                "grade `submitted`, or remove that notebook"
            )
    return problems


def _same(one: Submission, other: Submission, exercise: str, stub: bytes) -> bool:
    """Whether two submissions answer an exercise alike; a stub is as good as nothing."""
    texts: list[bytes | None] = []
    files: list[str] = []
    for submission in (one, other):
        answer = submission.answers.get(exercise)
        text = answer.source if answer is not None else None
        texts.append(None if text is None or is_untouched(text, stub) else text)
        files.append(extras.digest(answer.files) if answer is not None else "")
    first, second = texts
    if first is None or second is None:
        return first is second
    return _code(first) == _code(second) and files[0] == files[1]


def _code(text: bytes) -> list[bytes]:
    """The lines of a text that are code, however they end."""
    lines = (line.rstrip() for line in text.splitlines())
    return [line for line in lines if line and not line.lstrip().startswith(b"#")]
