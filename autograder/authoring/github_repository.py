"""``autograde release --github``: a private repository that grades a class with GitHub Actions."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from autograder.authoring import grading_kit
from autograder.authoring.gradescope_zip import PYTHON, rendered
from autograder.errors import KataError
from autograder.outline import Course, Exercise

WORKFLOW = ".github/workflows/grade.yml"
FOR_STUDENTS = "for-students/check.yml"
_OURS = (
    *(".github", "README.md", "constraints.txt", "for-students", "requirements.txt", "wheels"),
    *(grading_kit.COURSE, grading_kit.PRIVATE),
)
_KEPT = (".git", "submissions", ".gitignore", ".gitattributes")
"""What may lie in the folder besides, and stays there."""


class RepositoryError(KataError):
    """The folder cannot be written; the message says why."""


def write(
    course: Course, exercises: Iterable[Exercise], out: Path, private: Iterable[Path] = ()
) -> list[Path]:
    """Write the repository's files into ``out``, which must be new or an older one; returns them.

    A git repository in the folder stays, and so do its ``submissions``.
    """
    exercises = tuple(exercises)
    _check(out)
    torch = any(e.profile.startswith("torch") for e in exercises)
    context: dict[str, object] = {
        "title": course.title,
        "python": PYTHON,
        "names": ", ".join(f"`{e.id}`" for e in exercises),
        "student": "kata-student[course]" if torch else "kata-student",
        "index": f" --extra-index-url {grading_kit.TORCH}" if torch else "",
    }
    texts = {
        WORKFLOW: "github/grade.yml.j2",
        FOR_STUDENTS: "github/check.yml.j2",
        "README.md": "github/README.md.j2",
    }
    files = {name: rendered(place, context).encode() for name, place in texts.items()}
    files |= grading_kit.files(course, exercises, private)
    for name in _OURS:
        part = out / name
        if part.is_dir():
            shutil.rmtree(part)
    for name, data in files.items():
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return sorted(out / name for name in files)


def _check(out: Path) -> None:
    """:class:`RepositoryError` where ``out`` holds anything but an older one."""
    if not out.exists():
        return
    if not out.is_dir():
        raise RepositoryError(f"{out} is not a folder")
    foreign = sorted(p.name for p in out.iterdir() if p.name not in (*_OURS, *_KEPT))
    ours = any((out / name).exists() for name in _OURS)
    if foreign or (ours and not (out / WORKFLOW).is_file()):
        what = f"it holds {', '.join(foreign[:3])}" if foreign else f"it has no {WORKFLOW}"
        raise RepositoryError(f"{out} is not replaced: {what}. Name a new folder")
