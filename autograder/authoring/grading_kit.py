"""What a machine needs that grades some exercises and has nothing of ours yet.

The engine as a wheel, a course folder with these exercises alone (hidden checks and solutions
included), the packages that they need and the versions of all packages, as they are installed here.
"""

from __future__ import annotations

import importlib.metadata
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from autograder.authoring.outline_text import outline_text
from autograder.authoring.packed_wheel import Wheel
from autograder.machine import CAPABILITIES
from autograder.outline import Course, Exercise

COURSE = "course"
"""The folder of the course within a kit."""

PRIVATE = "private"
"""The folder of private graders (``autograde grade --graders``); only if there are some."""

TORCH = "https://download.pytorch.org/whl/cpu"
"""PyTorch's own index of builds without CUDA, which are ten times smaller."""

_LEFT_OUT = ("graders", "_course", "kata")
_NAME = re.compile(r"[A-Za-z0-9][\w.-]*")


def _holds(within: Path) -> bool:
    return within.parts[0] not in _LEFT_OUT


_ENGINE = Wheel(
    "kata-autograder",
    "The engine of Kata, without a course",
    {"autograde": "autograder.cli:main"},
    ("course",),
    _holds,
)


def files(
    course: Course, exercises: Iterable[Exercise], private: Iterable[Path] = ()
) -> dict[str, bytes]:
    """Every file of the kit, by its path in it. ``private`` are folders of private graders."""
    exercises = tuple(exercises)
    needed = _needed(exercises)
    wheel = f"wheels/{_ENGINE.file_name}"
    kit = {
        **dict(_course(course, exercises)),
        wheel: _ENGINE.data(),
        "requirements.txt": _requirements(wheel, needed).encode(),
        "constraints.txt": _constraints(needed).encode(),
    }
    for number, folder in enumerate(private, 1):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                kit[f"{PRIVATE}/{number}/{path.relative_to(folder).as_posix()}"] = path.read_bytes()
    return kit


def _course(course: Course, exercises: tuple[Exercise, ...]) -> Iterator[tuple[str, bytes]]:
    """The files of a course folder with these exercises alone."""
    chosen = {e.id for e in exercises}
    chapters = tuple(
        replace(chapter, exercises=tuple(e for e in chapter.exercises if e.id in chosen))
        for chapter in course.chapters
        if any(e.id in chosen for e in chapter.exercises)
    )
    yield f"{COURSE}/outline.toml", outline_text(course, chapters, {}, "graders").encode()
    for exercise in exercises:
        sources = {"exercises": course.stub(exercise), "solutions": course.solution(exercise)}
        for kind, path in sources.items():
            if path.is_file():
                yield f"{COURSE}/{kind}/{exercise.chapter}/{path.name}", path.read_bytes()
        table = course.graders / exercise.chapter / f"{exercise.id}.toml"
        tables = (table,) if table.is_file() else ()
        for path in (*course.grader_files(exercise), *tables):
            within = path.relative_to(course.graders).as_posix()
            yield f"{COURSE}/graders/{within}", path.read_bytes()
        for name, data in course.files(exercise):
            yield f"{COURSE}/{name}", data


# -- packages ---------------------------------------------------------------------------------


def _needed(exercises: Iterable[Exercise]) -> list[str]:
    """Distributions that hold what the exercises need; a package that is not installed here goes
    by the name that it is imported by."""
    modules = {n.partition(".")[0] for e in exercises for n in e.needs if n not in CAPABILITIES}
    places = importlib.metadata.packages_distributions()
    return sorted({(places.get(module) or [module])[0] for module in modules})


def _requirements(wheel: str, needed: Iterable[str]) -> str:
    torch = "torch" in needed
    return "\n".join(
        [
            "# What grading needs: pip install -r requirements.txt -c constraints.txt",
            *([f"--extra-index-url {TORCH}"] if torch else []),
            f"./{wheel}",
            *needed,
            "",
        ]
    )


def _constraints(needed: Iterable[str]) -> str:
    """The version of everything that is installed with these, as it is here."""
    versions: dict[str, str] = {}
    todo = ["kata-autograder", *needed]
    while todo:
        name = re.sub(r"[-_.]+", "-", todo.pop()).lower()
        if name in versions:
            continue
        try:
            found = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            continue
        versions[name] = found.version.partition("+")[0]  # torch's says which build it is
        for each in found.requires or []:
            match = _NAME.match(each)
            if match and not re.search(r"\bextra\s*==", each):
                todo.append(match[0])
    del versions["kata-autograder"]
    rows = [f"{name}=={version}" for name, version in sorted(versions.items())]
    return "\n".join(["# The versions that the release was made with.", *rows, ""])
