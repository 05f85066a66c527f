"""What an exercise or a course still lacks before it can be given to a class. Nothing is run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from autograder import clauses
from autograder.authoring import contract_table
from autograder.outline import Course, Exercise
from autograder.stubs import StubError, stub_text

LEAST_RIGHT, LEAST_WRONG = 2, 3

TEMPLATE = "still the template:"
"""What a comment begins with that `autograde new` leaves for the author to act on and delete."""

_TEMPLATE = re.compile(rf"^\s*(?:#|<!--)\s*({TEMPLATE}.*?)\s*(?:-->)?\s*$")
_PLACED = re.compile(r"^```\{exercise\}[ \t]+(\S+)", re.MULTILINE)


def missing(course: Course, exercise: Exercise) -> list[str]:
    """What an exercise still lacks, in words that say what to do."""
    return [
        *_parts(course, exercise),
        *_specimens(course, exercise),
        *contract_table.problems(course, exercise),
        *([] if exercise.hints else ["no hints in the outline"]),
        *_unplaced(course, exercise),
        *_left_of_template(course, exercise),
        *orphans(course, exercise.id),
    ]


def _parts(course: Course, exercise: Exercise) -> Iterator[str]:
    stub, solution = course.stub(exercise), course.solution(exercise)
    if not solution.is_file():
        yield f"no reference solution: {solution}"
    if not stub.is_file():
        yield f"no stub (run `autograde stubs`): {stub}"
    elif solution.is_file():
        try:
            text = stub_text(exercise, solution.read_text(encoding="utf-8"), solution)
            if stub.read_text(encoding="utf-8") != text:
                yield f"the stub does not match the solution (run `autograde stubs`): {stub}"
        except (StubError, UnicodeDecodeError) as error:
            yield str(error)
    if not course.check_files(exercise):
        yield f"no grader: {course.grader(exercise)}"
    folder = course.grader_folder(exercise)
    if folder.is_dir() and not (folder / "__init__.py").is_file():
        yield f"no {folder / '__init__.py'}, which makes a package of the grader's folder"


def _specimens(course: Course, exercise: Exercise) -> Iterator[str]:
    names = [path.stem for path in course.specimens(exercise).glob("*.py")]
    for kind, least in (("right_", LEAST_RIGHT), ("wrong_", LEAST_WRONG)):
        number = sum(name.startswith(kind) for name in names)
        if number < least:
            yield f"{number} {kind} specimens; at least {least} are needed"


def _left_of_template(course: Course, exercise: Exercise) -> Iterator[str]:
    """What `autograde new` has written and nobody has replaced yet, with file and line."""
    files = [
        course.solution(exercise),
        *course.grader_files(exercise),
        clauses.path(course, exercise),
        *sorted(course.specimens(exercise).glob("*.py")),
    ]
    for path in files:
        for number, words in _template_lines(path):
            yield f"{_shown(course, path)}:{number}: {words}"
    lesson = course.lesson(exercise.chapter)
    for number, words in _template_lines(lesson):
        if re.search(rf"\b{exercise.id}\b", words):
            yield f"{_shown(course, lesson)}:{number}: {words}"


def _template_lines(path: Path) -> Iterator[tuple[int, str]]:
    if path.is_file():
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        for number, line in enumerate(lines, 1):
            if match := _TEMPLATE.match(line):
                yield number, match[1]


def _shown(course: Course, path: Path) -> str:
    return str(path.relative_to(course.root) if path.is_relative_to(course.root) else path)


# -- lessons ----------------------------------------------------------------------------------


def placed(lesson: Path) -> tuple[str, ...]:
    """Ids of the exercises that a lesson places, in its order."""
    return tuple(_PLACED.findall(lesson.read_text(encoding="utf-8", errors="replace")))


def _unplaced(course: Course, exercise: Exercise) -> Iterator[str]:
    """A chapter without a lesson becomes a notebook of its exercises, each in its place."""
    lesson = course.lesson(exercise.chapter)
    if lesson.is_file() and exercise.id not in placed(lesson):
        yield (
            f"{_shown(course, lesson)} does not place it: add a block ```{{exercise}} "
            f"{exercise.id}, closed by ```"
        )


def unplaced(course: Course) -> list[str]:
    """Exercises that the lesson of their chapter does not place, in words."""
    return [f"{e.id}: {words}" for e in course.exercises for words in _unplaced(course, e)]


# -- files that belong to nothing -------------------------------------------------------------


def orphans(course: Course, id: str = "") -> list[str]:
    """Solutions, graders, specimens and mutants that belong to no exercise, in words; with ``id``,
    those of that name alone, where another chapter may have it."""
    known = {exercise.id for exercise in course.exercises}
    named = [*_without_entry(course, id or "*"), *_not_run(course)]
    return [words for name, words in named if (name == id if id else name not in known)]


def _without_entry(course: Course, name: str) -> Iterator[tuple[str, str]]:
    """Id and words for each file or folder that is called ``name`` (``*`` for any) and whose place
    is that of no exercise."""
    tests, expected = course.root / "tests", set[Path]()
    for exercise in course.exercises:
        expected |= {course.solution(exercise), course.specimens(exercise)}
        expected |= {course.grader(exercise), course.grader_folder(exercise)}
        expected.add(clauses.path(course, exercise))
        expected.add(tests / "mutants" / exercise.chapter / f"{exercise.id}.toml")
    places = [
        *(course.root / "solutions").glob(f"*/{name}.py"),
        *course.graders.glob(f"*/test_{name.rstrip('*')}*.py"),
        *(path for path in course.graders.glob(f"*/{name}") if any(path.glob("test_*.py"))),
        *(path for path in (tests / "specimens").glob(f"*/{name}") if any(path.glob("*.py"))),
        *(tests / "mutants").glob(f"*/{name}.toml"),
        *course.graders.glob(f"*/{name}.toml"),
    ]
    for path in sorted(set(places) - expected):
        if path.name != "__init__.py":
            id = course.graded_by(path) if path.name.startswith("test_") else path.stem
            yield id, f"{_shown(course, path)} belongs to no exercise: {_fix(course, path, id)}"


def _fix(course: Course, path: Path, id: str) -> str:
    exercise = next((e for e in course.exercises if e.id == id), None)
    chapter = path.parent.name
    if exercise is None:
        words = f"add [[chapter.exercise]] with id = {id!r} to chapter {chapter!r} of the outline"
    elif exercise.chapter != chapter:
        words = f"move it to chapter {exercise.chapter!r}, where the outline has {id}"
    else:
        words = f"the checks of {id} are in test_{id}.py or in a folder {id}/, so move it there"
    return f"{words}, or delete it"


def _not_run(course: Course) -> Iterator[tuple[str, str]]:
    """Id and words for each file of a grader folder that looks like checks and is not run."""
    for exercise in course.exercises:
        for path in {*course.grader_files(exercise)} - {*course.check_files(exercise)}:
            if path.name.startswith("test_"):
                folder = _shown(course, course.grader_folder(exercise))
                yield exercise.id, f"{_shown(course, path)} is not run: move it to {folder}"
