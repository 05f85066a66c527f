"""``course/outline.toml``: the one list of chapters and exercises, read and checked."""

from __future__ import annotations

import keyword
import tomllib
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

from autograder import extras
from autograder.errors import KataError
from autograder.extras import Files
from autograder.sandbox.inside import profiles
from autograder.sandbox.inside.limits import Limits, MiB

_MOST = 20  # files that an exercise may bring
_PARTS = (
    ".kata",
    "README.md",
    "checks",
    "course",
    "exercises",
    "graders",
    "lessons",
    "notebooks",
    "outline.toml",
    "solutions",
    "tests",
)
NEEDS = ("numpy", "torch", "gpu", "cores")
MOST = 1_000_000_000
"""Largest number that an outline may hold, in whatever unit."""
IN_MIB = ("memory", "scratch", "reply")


class OutlineError(KataError):
    """The outline cannot be used; the message names the file, the place and the fix."""


@dataclass(frozen=True, slots=True)
class Exercise:
    """One entry of the outline. ``minutes`` is what a student should plan for."""

    id: str
    chapter: str
    title: str
    section: str
    points: float
    minutes: int
    prerequisites: tuple[str, ...]
    hints: tuple[str, ...]
    needs: tuple[str, ...]
    limits: Limits
    hidden_checks: int = 0  # in a class bundle: how many more there are than its graders hold
    files: tuple[str, ...] = ()  # data that lies beside the answer; paths within the course

    @property
    def profile(self) -> str:
        """What its zygote has loaded: ``plain``, ``numpy`` or ``torch``, and ``packages``."""
        name = "numpy" if "numpy" in self.needs else "plain"
        if "torch" in self.needs or "gpu" in self.needs:
            name = "torch"
        return profiles.with_packages(name, self.packages)

    @property
    def packages(self) -> tuple[str, ...]:
        """What it needs of packages that only this course knows."""
        return tuple(need for need in self.needs if need not in NEEDS)


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter and its exercises, in teaching order."""

    id: str
    title: str
    exercises: tuple[Exercise, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """A course folder: its outline and where its parts lie."""

    root: Path
    title: str
    chapters: tuple[Chapter, ...]
    graders: Path

    @property
    def exercises(self) -> tuple[Exercise, ...]:
        """Every exercise, in teaching order."""
        return tuple(e for chapter in self.chapters for e in chapter.exercises)

    def exercise(self, id: str) -> Exercise:
        """The exercise called ``id``; ``OutlineError`` with near names where there is none."""
        import difflib

        for exercise in self.exercises:
            if exercise.id == id:
                return exercise
        near = difflib.get_close_matches(id, [e.id for e in self.exercises])
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        raise OutlineError(f"no exercise is called {id!r} in {self.root}{hint}")

    def stub(self, exercise: Exercise) -> Path:
        return self.root / "exercises" / exercise.chapter / f"{exercise.id}.py"

    def solution(self, exercise: Exercise) -> Path:
        return self.root / "solutions" / exercise.chapter / f"{exercise.id}.py"

    def file(self, name: str) -> Path:
        """A file that exercises of this course bring."""
        return self.root / name

    def files(self, exercise: Exercise) -> Files:
        """The files that an exercise brings, by the names that its answer finds them under."""
        if not exercise.files:
            return ()
        return _contents(tuple((name, self.file(name)) for name in exercise.files))

    def grader(self, exercise: Exercise) -> Path:
        """The grader of an exercise where it is one file."""
        return self.graders / exercise.chapter / f"test_{exercise.id}.py"

    def grader_folder(self, exercise: Exercise) -> Path:
        """The grader of an exercise where it is several files."""
        return self.graders / exercise.chapter / exercise.id

    def grader_files(self, exercise: Exercise) -> tuple[Path, ...]:
        """Every Python file of an exercise's grader: ``test_<id>.py``, and all that lie in its
        folder. Empty where it has none."""
        file, folder = self.grader(exercise), self.grader_folder(exercise)
        return (*((file,) if file.is_file() else ()), *sorted(folder.rglob("*.py")))

    def check_files(self, exercise: Exercise) -> tuple[Path, ...]:
        """Those of :meth:`grader_files` that hold checks, in the order in which they run."""
        places = (self.grader(exercise).parent, self.grader_folder(exercise))
        return tuple(
            path
            for path in self.grader_files(exercise)
            if path.name.startswith("test_") and path.parent in places
        )

    def graded_by(self, path: Path) -> str:
        """Id of the exercise that a file with checks is about.

        ``test_count_up.py`` and a private ``test_count_up_more.py`` both grade ``count_up``, and
        so does every file of a grader folder ``count_up``.
        """
        return self._folder_id(path) or self._name_id(path) or path.stem.removeprefix("test_")

    def grader_parts(self, path: Path) -> tuple[Path, ...]:
        """The Python files of the grader that a file with checks belongs to: itself, or all that
        lie in its grader folder."""
        return tuple(sorted(path.parent.rglob("*.py"))) if self._folder_id(path) else (path,)

    def _folder_id(self, path: Path) -> str:
        """Id of the exercise whose grader folder holds a file; empty for a file by itself."""
        name = path.parent.name
        if all(name != e.id for e in self.exercises):
            return ""
        if path.is_relative_to(self.graders):  # where a chapter may be called like an exercise
            return name if len(path.relative_to(self.graders).parts) > 2 else ""
        package = (path.parent / "__init__.py").is_file()
        return name if package or not self._name_id(path) else ""

    def _name_id(self, path: Path) -> str:
        """Id of the exercise that a file is named after; empty for none."""
        stem = path.stem.removeprefix("test_")
        ids = (e.id for e in self.exercises)
        return max((i for i in ids if stem == i or stem.startswith(f"{i}_")), key=len, default="")

    def lesson(self, chapter: str) -> Path:
        """The text that a chapter's notebook is made from."""
        folder = self.root / "course" / "lessons"
        return (folder if folder.is_dir() else self.root / "lessons") / f"{chapter}.md"

    def specimens(self, exercise: Exercise) -> Path:
        return self.root / "tests" / "specimens" / exercise.chapter / exercise.id


def bundled() -> Path:
    """The course that comes with this package: the checkout's, or the wheel's copy."""
    package = Path(__file__).resolve().parent
    if (package.parent / "course" / "outline.toml").is_file():
        return package.parent
    return package / "_course"


def outline_path(root: Path) -> Path:
    """The outline of the course in folder ``root``; :class:`OutlineError` where there is none."""
    for path in (root / "course" / "outline.toml", root / "outline.toml"):
        if path.is_file():
            return path
    raise OutlineError(
        f"{root} is not a course folder: it has neither course/outline.toml nor outline.toml"
    )


def load(root: Path | None = None) -> Course:
    """The course in folder ``root``; raises :class:`OutlineError` where it cannot be used."""
    root = (root or bundled()).resolve()
    path = outline_path(root)
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:  # no TOML, no UTF-8, or a number without end
        raise OutlineError(f"{path}: {error}") from error
    chapters = tuple(_chapter(path, entry) for entry in data.get("chapter", []))
    course = data.get("course", {})
    graders = root / course.get("graders", "graders")
    if root == bundled().resolve():
        graders = Path(__file__).resolve().parent / "graders"
    loaded = Course(root, course.get("title", root.name), chapters, graders)
    seen: set[str] = set()
    for exercise in loaded.exercises:
        if exercise.id in seen:
            raise OutlineError(f"{path}: exercise {exercise.id!r} is listed twice")
        for needed in exercise.prerequisites:
            if needed not in seen:
                raise OutlineError(
                    f"{path}: exercise {exercise.id!r} needs {needed!r} first, "
                    "which is not listed above it"
                )
        _check_files(path, loaded, exercise)
        seen.add(exercise.id)
    if not seen:
        raise OutlineError(f"{path}: no exercise is listed; add a [[chapter.exercise]] entry")
    return loaded


def _chapter(path: Path, entry: dict[str, Any]) -> Chapter:
    id = _need(path, entry, "id", str, "a [[chapter]]")
    exercises = tuple(exercise_of(path, id, item) for item in entry.get("exercise", []))
    return Chapter(id, entry.get("title", id), exercises)


def exercise_of(path: Path, chapter: str, entry: dict[str, Any]) -> Exercise:
    """The exercise that an entry of the outline at ``path`` describes."""
    where = f"an exercise of chapter {chapter!r}"
    id = _need(path, entry, "id", str, where)
    if not id.isidentifier():
        raise OutlineError(f"{path}: exercise id {id!r} must be a Python module name")
    where = f"exercise {id!r}"
    needs = _names(path, entry, "needs", where)
    for need in needs:
        if not need.isidentifier() or keyword.iskeyword(need):
            raise OutlineError(
                f"{path}: {where} needs {need!r}, which is not a package name: known are "
                f"{', '.join(NEEDS)}, and whatever `import` finds"
            )
    return Exercise(
        id=id,
        chapter=chapter,
        title=_need(path, entry, "title", str, where),
        section=str(entry.get("section", "")),
        points=_need_number(path, entry, "points", (int, float), where),
        minutes=_need_number(path, entry, "minutes", int, where),
        prerequisites=tuple(entry.get("prerequisites", ())),
        hints=tuple(entry.get("hints", ())),
        needs=needs,
        hidden_checks=int(entry.get("hidden_checks", 0)),
        files=_names(path, entry, "files", where),
        limits=_limits(path, entry.get("limits", {}), where, "torch" in needs or "gpu" in needs),
    )


def _names(path: Path, entry: dict[str, Any], key: str, where: str) -> tuple[str, ...]:
    """A list of different texts; empty where the entry is not there."""
    value = entry.get(key, [])
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise OutlineError(f"{path}: {where}: {key} must be a list of strings")
    return tuple(dict.fromkeys(value))


def _check_files(path: Path, course: Course, exercise: Exercise) -> None:
    """:class:`OutlineError` for a file that cannot lie beside an answer."""
    total = 0
    for name in exercise.files:
        where = f"{path}: exercise {exercise.id!r}: file {name!r}"
        place = course.file(name)
        problem = extras.name_problem(name)
        if not problem and PurePosixPath(name).parts[0] in _PARTS:
            problem = "lies among parts of the course that a release has itself"
        if problem:
            raise OutlineError(f"{where} {problem}; name one such as data/table.csv")
        if extras.top(name) in [e.id for e in course.exercises] and name.endswith(".py"):
            raise OutlineError(f"{where} has the name of an exercise; rename it")
        if not place.is_file():
            raise OutlineError(f"{where} is not there: put it at {place}, or take it off the list")
        if not place.resolve().is_relative_to(course.root):
            raise OutlineError(f"{where} leads out of {course.root}; put the file itself there")
        size = place.stat().st_size
        total += size
        if size > extras.FILE_CAP or total > extras.TOGETHER_CAP or len(exercise.files) > _MOST:
            raise OutlineError(
                f"{where} is too much: an exercise may bring {_MOST} files of up to "
                f"{extras.FILE_CAP >> 20} MiB, {extras.TOGETHER_CAP >> 20} MiB together"
            )


@lru_cache(maxsize=8)
def _contents(places: tuple[tuple[str, Path], ...]) -> Files:
    """The bytes of files, which stay as they are while a process runs."""
    return tuple((name, path.read_bytes()) for name, path in places)


def _limits(path: Path, entry: dict[str, Any], where: str, torch: bool) -> Limits:
    known = {f.name for f in fields(Limits)}
    unknown = sorted(set(entry) - known)
    if unknown:
        raise OutlineError(f"{path}: {where} has unknown limits {', '.join(unknown)}")
    base = Limits(memory=1024 * MiB) if torch else Limits()
    for name, value in entry.items():
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not 0 < value <= MOST:
            raise OutlineError(f"{path}: {where}: limit {name} must be a positive number")
    values = {k: int(v * MiB) if k in IN_MIB else v for k, v in entry.items()}
    return replace(base, **values)


def _need(path: Path, entry: dict[str, Any], key: str, kind: Any, where: str) -> Any:
    value = entry.get(key)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise OutlineError(f"{path}: {where} needs {key!r} ({_kind_name(kind)})")
    return value


def _need_number(path: Path, entry: dict[str, Any], key: str, kind: Any, where: str) -> Any:
    value = _need(path, entry, key, kind, where)
    if not 0 <= value <= MOST:  # as it is not for nan
        raise OutlineError(f"{path}: {where}: {key} must be from 0 to {MOST}, not {value}")
    return value


def _kind_name(kind: Any) -> str:
    return {str: "a string", int: "a whole number"}.get(kind, "a number")
