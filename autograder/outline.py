"""``course/outline.toml``: the one list of chapters and exercises, read and checked."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath

from autograder import extras
from autograder.entries import IN_MIB, Chapter, Exercise, OutlineError, chapter_of, exercise_of
from autograder.extras import Files

__all__ = [
    "IN_MIB",
    "Chapter",
    "Course",
    "Exercise",
    "OutlineError",
    "bundled",
    "exercise_of",
    "load",
]

_MOST = 20  # files that an exercise may bring
_PARTS = (
    *(".kata", "README.md", "checks", "course", "exercises", "graders", "lessons", "notebooks"),
    *("outline.toml", "solutions", "tests"),
)


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
        """The exercise called ``id``; ``OutlineError`` with near names if it does not exist."""
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
    """The outline of the course in folder ``root``; :class:`OutlineError` if it is missing."""
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
    chapters = tuple(chapter_of(path, entry) for entry in data.get("chapter", []))
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


def _check_files(path: Path, course: Course, exercise: Exercise) -> None:
    """:class:`OutlineError` for a file that cannot lie beside an answer."""
    total = 0
    for name in exercise.files:
        where = f"{path}: exercise {exercise.id!r}: file {name!r}"
        place = course.file(name)
        problem = extras.name_problem(name)
        if not problem and PurePosixPath(name).parts[0] in _PARTS:
            problem = "is in a folder that belongs to the course itself"
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
