"""``autograde release --solutions``: what a class may have after the deadline.

It is unpacked over the class folder and replaces nothing that a student has written.
`kata solution` and `kata bug` work from then on, because both need the reference.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from autograder.errors import KataError
from autograder.outline import Chapter, Course, Exercise
from autograder.stubs import BEGIN, END

_README = "SOLUTIONS.md"
_PARTS = {".kata", "solutions", _README}


class SolutionsError(KataError):
    """The solutions cannot be written; the message says why."""


def write(course: Course, chapters: Iterable[Chapter], out: Path, *, bugs: bool) -> list[Path]:
    """Write the references of the chapters into ``out``, and their bugs; returns the files.

    ``out`` must be new or hold an earlier release of solutions; :class:`SolutionsError` otherwise.
    """
    chapters = tuple(chapters)
    if out.exists():
        foreign = sorted(p.name for p in out.iterdir() if p.name not in _PARTS)
        if foreign or (any(out.iterdir()) and not (out / _README).is_file()):
            words = (
                f"it holds {', '.join(foreign[:3])}" if foreign else "it is not a release of them"
            )
            raise SolutionsError(f"{out} is not replaced: {words}. Name a new folder.")
        shutil.rmtree(out)
    hidden = Path(".kata/pristine")
    texts: dict[Path, str] = {Path(_README): _readme(chapters, bugs)}
    for chapter in chapters:
        for exercise in chapter.exercises:
            source = course.solution(exercise).read_text(encoding="utf-8")
            name = f"{exercise.id}.py"
            texts[hidden / "solutions" / chapter.id / name] = source
            texts[Path("solutions", chapter.id, name)] = _unmarked(source)
            bug = _bug(course, exercise)
            if bugs and bug.is_file():
                text = bug.read_text(encoding="utf-8")
                texts[hidden / "bugs" / chapter.id / bug.name] = text
    for path, text in texts.items():
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_text(text, encoding="utf-8")
    return sorted(out / path for path in texts)


def _bug(course: Course, exercise: Exercise) -> Path:
    folder = course.root / "course"
    root = folder if folder.is_dir() else course.root
    return root / "bugs" / exercise.chapter / f"{exercise.id}.toml"


def _unmarked(source: str) -> str:
    rows = [row for row in source.splitlines() if row.strip() not in (BEGIN, END)]
    return "\n".join(rows).rstrip() + "\n"


def _readme(chapters: tuple[Chapter, ...], bugs: bool) -> str:
    first = next(e for chapter in chapters for e in chapter.exercises)
    hunt = f"`kata bug {first.id}` shows a wrong answer, for you to find out what is wrong.\n"
    return (
        "# Solutions\n\n"
        "Unpack this over your class folder. It replaces nothing that you have written.\n\n"
        f"`kata solution {first.id}` shows the reference with notes, and yours. "
        f"{hunt if bugs else ''}"
        "The files themselves are in `solutions/`.\n"
    )
