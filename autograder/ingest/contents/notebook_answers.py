"""Answers to an exercise that lie in the cells of notebooks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import PurePosixPath

from autograder.ingest.contents.answer import Answer
from autograder.ingest.contents.files import FILE_CAP, SourceFile
from autograder.ingest.contents.naming import names_of
from autograder.ingest.notebooks import answers
from autograder.ingest.notebooks.released import Released, released
from autograder.model import Verdict
from autograder.outline import Course, Exercise
from autograder.stubs import StubError, stub_text
from autograder.text.encoding import encoding_problem
from autograder.text.regular import shown


def chapter_of(path: PurePosixPath, course: Course) -> str:
    """The chapter that a notebook is for, by its name (which may be that of an exercise) or its
    folder's; empty if none is."""
    names = names_of(course)
    for name in (path.name, path.parent.name):
        if chapter := names.chapter(name, within=True):
            return chapter
    claim = names.exercise(path.name)
    return course.exercise(claim.id).chapter if claim.id else ""


def from_notebooks(course: Course, exercise: Exercise, files: Sequence[SourceFile]) -> Answer:
    """An answer wherever it is; the notebook of its own chapter is asked first.

    In another chapter's notebook only cells that carry the exercise's id count: a lesson may
    well define the same name.
    """
    want = answers.wanted(exercise.id, stub_of(course, exercise))
    known = handed_out(course)
    levels: list[list[SourceFile]] = [[], [], []]
    for file in files:
        chapter = chapter_of(file.path, course)
        levels[0 if chapter == exercise.chapter else 1 if not chapter else 2].append(file)
    untouched: Answer | None = None
    for level, here in enumerate(levels):
        found = [
            (f, a)
            for f in here
            if f.cells is not None and (a := answers.find(f.cells, want, known, by_name=level < 2))
        ]
        attempted = [(f, a) for f, a in found if a.attempted]
        if attempted:
            return _one_of(course, exercise, attempted)
        broken = next((f for f in here if f.problem), None)
        if broken is not None and level < 2 and untouched is None:
            untouched = Answer(None, Verdict.REJECTED, f"{shown(broken.path)} {broken.problem}.")
        if found and untouched is None:
            file, answer = found[0]
            untouched = _checked(want.stub, file, "")
            if not answer.source.strip():
                message = f"The cell of {exercise.id} in {shown(file.path)} is empty."
                untouched = Answer(None, Verdict.NOT_ATTEMPTED, message)
    return untouched or _nothing(exercise, want, levels)


def _one_of(
    course: Course, exercise: Exercise, attempted: Sequence[tuple[SourceFile, answers.Found]]
) -> Answer:
    """The answer of the notebook with the expected name; of several others one text only."""
    expected = f"{exercise.chapter}/{exercise.chapter}.ipynb"
    far = {f.path: _distance(f, exercise.chapter, course) for f, _ in attempted}
    best = min(far.values())
    nearest = [(f, a) for f, a in attempted if far[f.path] == best]
    if len({a.source for _, a in nearest}) > 1:
        message = f"{exercise.id} is answered differently in {_listed(f for f, _ in nearest)}."
        return Answer(None, Verdict.REJECTED, f"{message} Keep one.")
    file, answer = nearest[0]
    notes = [answer.note] if answer.note else []
    if best > (0, 1):
        notes.append(f"Found in {shown(file.path)}; expected {expected}.")
    others = [f for f, a in attempted if a.source != answer.source]
    if others:
        verb = "holds another answer, which does" if len(others) == 1 else "hold others, which do"
        notes.append(f"{_listed(others)} {verb} not count.")
    return _checked(answer.source, file, " ".join(notes))


def _distance(file: SourceFile, chapter: str, course: Course) -> tuple[int, int]:
    """How far a notebook is from where it is expected: first by name, then by place."""
    path, parent = file.path, file.path.parent
    if path.name == f"{chapter}.ipynb":
        return 0, 0 if parent.name == chapter else 1 if parent == file.base else 2
    return (1 if names_of(course).chapter(path.name) == chapter else 2), 0


def _listed(files: Iterable[SourceFile]) -> str:
    names = [shown(f.path) for f in files]
    return ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")


def _nothing(
    exercise: Exercise, want: answers.Wanted, levels: Sequence[Sequence[SourceFile]]
) -> Answer:
    """Which notebooks were looked at, and what they lacked."""
    expected = f"{exercise.chapter}/{exercise.chapter}.ipynb"
    mine = [f for f in levels[0] or levels[1] if f.cells is not None]
    names = " or ".join(want.names) or exercise.id
    if mine:
        verb = "has" if len(mine) == 1 else "have"
        message = (
            f"{_listed(mine)} {verb} no cell of {exercise.id}: no id, and no {names}, was found."
        )
    else:
        message = (
            f"No notebook {expected} was found, and no cell with the id {exercise.id} in "
            f"{_listed(levels[2])}."
        )
    return Answer(None, Verdict.NOT_ATTEMPTED, message)


def _checked(source: str, file: SourceFile, note: str) -> Answer:
    data = source.encode()
    if not data.endswith(b"\n"):
        data += b"\n"
    problem = encoding_problem(data)
    if len(data) > FILE_CAP:
        problem = f"is larger than {FILE_CAP >> 10} KiB"
    if problem:
        return Answer(None, Verdict.REJECTED, f"The answer in {shown(file.path)} {problem}.")
    return Answer(data, note=note, origin=str(file.path))


def stub_of(course: Course, exercise: Exercise) -> str:
    """The text that students of the exercise begin with."""
    stub, solution = course.stub(exercise), course.solution(exercise)
    if stub.is_file():
        return stub.read_text(encoding="utf-8")
    try:
        return stub_text(exercise, solution.read_text(encoding="utf-8"), solution)
    except (OSError, StubError):
        return f"def {exercise.id}(): ...\n"


@lru_cache(maxsize=4)
def handed_out(course: Course) -> Released:
    """The code of all lessons and stubs of a course, read once in a process."""
    paths = [course.lesson(chapter.id) for chapter in course.chapters]
    stubs = {exercise.id: stub_of(course, exercise) for exercise in course.exercises}
    return released(
        [path.read_text(encoding="utf-8") for path in paths if path.is_file()],
        stubs.values(),
        [name for id, stub in stubs.items() for name in answers.wanted(id, stub).names],
    )
