"""Answers to an exercise that lie in the cells of notebooks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from autograder.encoding import encoding_problem
from autograder.ingest.answer import Answer
from autograder.ingest.files import FILE_CAP, SourceFile
from autograder.ingest.naming import names_of
from autograder.model import Verdict
from autograder.notebooks import answers
from autograder.outline import Course, Exercise
from autograder.regular import shown
from autograder.stubs import StubError, stub_text


def chapter_of(path: PurePosixPath, course: Course) -> str:
    """The chapter that a notebook is for, by its name (which may be that of an exercise) or its
    folder's; empty if none is."""
    names = names_of(course)
    for name in (path.name, path.parent.name):
        if chapter := names.chapter(name):
            return chapter
    claim = names.exercise(path.name)
    return course.exercise(claim.id).chapter if claim.id else ""


def from_notebooks(course: Course, exercise: Exercise, files: Sequence[SourceFile]) -> Answer:
    """An answer wherever it is; the notebook of its own chapter is asked first."""
    want = answers.wanted(exercise.id, stub_of(course, exercise))
    lesson = _lesson(course, exercise)

    def rank(file: SourceFile) -> int:
        chapter = chapter_of(file.path, course)
        return 0 if chapter == exercise.chapter else 1 if not chapter else 2

    expected = f"{exercise.chapter}/{exercise.chapter}.ipynb"
    untouched: Answer | None = None
    for level in range(3):
        here = [f for f in files if rank(f) == level]
        found = [(f, a) for f in here if f.cells is not None
                 and (a := answers.find(f.cells, want, lesson)) is not None]  # fmt: skip
        attempted = [(f, a) for f, a in found if a.attempted]
        if len({a.source for _, a in attempted}) > 1:
            places = ", ".join(shown(f.path) for f, _ in attempted[:4])
            message = f"{exercise.id} is answered differently in {places}. Keep one."
            return Answer(None, Verdict.REJECTED, message)
        if attempted:
            file, answer = attempted[0]
            notes = [answer.note] if answer.note else []
            if level:
                notes.append(f"Found in {shown(file.path)}; expected {expected}.")
            return _checked(answer.source, file, " ".join(notes))
        broken = next((f for f in here if f.problem), None)
        if broken is not None and level < 2 and untouched is None:
            untouched = Answer(None, Verdict.REJECTED, f"{shown(broken.path)} {broken.problem}.")
        if found and untouched is None:
            file, answer = found[0]
            untouched = _checked(want.stub, file, "")
            if not answer.source.strip():
                message = f"The cell of {exercise.id} in {shown(file.path)} is empty."
                untouched = Answer(None, Verdict.NOT_ATTEMPTED, message)
    if untouched is not None:
        return untouched
    mine = [f for f in files if rank(f) == 0] or [f for f in files if rank(f) == 1]
    names = " or ".join(want.names) or exercise.id
    where = f"{shown(mine[0].path)} has no cell" if mine else f"no notebook {expected} and no cell"
    message = f"{where[0].upper()}{where[1:]} of {exercise.id}: no id, and no {names}, was found."
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
    stub, solution = course.stub(exercise), course.solution(exercise)
    if stub.is_file():
        return stub.read_text(encoding="utf-8")
    try:
        return stub_text(exercise, solution.read_text(encoding="utf-8"), solution)
    except (OSError, StubError):
        return f"def {exercise.id}(): ...\n"


def _lesson(course: Course, exercise: Exercise) -> str:
    path = course.lesson(exercise.chapter)
    return path.read_text(encoding="utf-8") if path.is_file() else ""
