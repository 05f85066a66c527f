"""The files of one submission -> its answer to each exercise, or the verdict in its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from autograder.encoding import encoding_problem
from autograder.files import FILE_CAP, SourceFile, key, stem
from autograder.model import Verdict
from autograder.notebooks import answers
from autograder.outline import Course, Exercise
from autograder.regular import shown
from autograder.stubs import StubError, stub_text


@dataclass(frozen=True, slots=True)
class Answer:
    """What a submission holds for one exercise: its text, or the verdict that stands for it."""

    source: bytes | None
    verdict: Verdict | None = None
    message: str = ""
    note: str = ""


def choose(course: Course, exercise: Exercise, files: Sequence[SourceFile]) -> Answer:
    """The answer to an exercise from a ``.py`` file, or from a notebook's cells."""
    scripts = [f for f in files if not f.is_notebook]
    notebooks = [f for f in files if f.is_notebook]
    script = _from_scripts(exercise, scripts)
    if not notebooks:
        return script
    notebook = _from_notebooks(course, exercise, notebooks)
    if script.source is None and script.verdict is Verdict.NOT_ATTEMPTED:
        return notebook
    if notebook.source is None or script.source is None:
        return script if script.source is not None or notebook.source is None else notebook
    stub = stub_of(course, exercise)
    one, other = script.source.decode("utf-8", "replace"), notebook.source.decode()
    if answers.same_code(one, other) or answers.same_code(other, stub):
        return script
    if answers.same_code(one, stub):
        return notebook
    message = (
        f"{exercise.id}.py and the notebook hold two different answers to {exercise.id}. Keep one."
    )
    return Answer(None, Verdict.REJECTED, message)


# -- files ------------------------------------------------------------------------------------


def _from_scripts(exercise: Exercise, files: Sequence[SourceFile]) -> Answer:
    exact = f"{exercise.id}.py"
    named = [f for f in files if f.path.name == exact]
    if not named:
        near = [f for f in files if key(stem(f.path.name)) == key(exercise.id)]
        if near:
            message = f"{shown(near[0].path)} was found; rename it to {exercise.chapter}/{exact}."
            return Answer(None, Verdict.REJECTED, message)
        message = f"No file {exact} was found in this submission."
        return Answer(None, Verdict.NOT_ATTEMPTED, message)

    def rank(file: SourceFile) -> int:
        parent = file.path.parent
        return 0 if parent.name == exercise.chapter else 1 if parent == PurePosixPath() else 2

    best = min(map(rank, named))
    chosen = [f for f in named if rank(f) == best]
    if len(chosen) > 1 and len({(f.data, f.problem) for f in chosen}) > 1:
        places = ", ".join(shown(f.path) for f in chosen[:4])
        message = f"There are {len(chosen)} different files {exact}: {places}. Keep one."
        return Answer(None, Verdict.REJECTED, message)
    file = chosen[0]
    problem = file.problem or encoding_problem(file.data)
    if problem:
        return Answer(None, Verdict.REJECTED, f"{shown(file.path)} {problem}.")
    misplaced = best == 2 and len(file.path.parts) > 1
    note = f"Found at {shown(file.path)}; expected {exercise.chapter}/{exact}." if misplaced else ""
    return Answer(file.data, note=note)


# -- notebooks --------------------------------------------------------------------------------


def chapter_of(path: PurePosixPath, course: Course) -> str:
    """The chapter that a notebook is for, by its name or its folder's; empty if none is."""
    spelled = {key(chapter.id): chapter.id for chapter in course.chapters}
    for name in (stem(path.name), path.parent.name):
        if key(name) in spelled:
            return spelled[key(name)]
    return ""


def _from_notebooks(course: Course, exercise: Exercise, files: Sequence[SourceFile]) -> Answer:
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
            return _checked(answer.source, shown(file.path), " ".join(notes))
        broken = next((f for f in here if f.problem), None)
        if broken is not None and level < 2 and untouched is None:
            untouched = Answer(None, Verdict.REJECTED, f"{shown(broken.path)} {broken.problem}.")
        if found and untouched is None:
            file, answer = found[0]
            untouched = _checked(want.stub, shown(file.path), "")
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


def _checked(source: str, place: str, note: str) -> Answer:
    data = source.encode()
    if not data.endswith(b"\n"):
        data += b"\n"
    problem = encoding_problem(data)
    if len(data) > FILE_CAP:
        problem = f"is larger than {FILE_CAP >> 10} KiB"
    if problem:
        return Answer(None, Verdict.REJECTED, f"The answer in {place} {problem}.")
    return Answer(data, note=note)


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
