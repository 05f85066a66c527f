"""The files of one submission -> its answer to each exercise, or the verdict in its place."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from autograder.encoding import encoding_problem
from autograder.ingest.answer import Answer
from autograder.ingest.files import SourceFile, key, stem
from autograder.ingest.notebook_answers import from_notebooks, stub_of
from autograder.model import Verdict
from autograder.notebooks import answers
from autograder.outline import Course, Exercise
from autograder.regular import shown


def choose(course: Course, exercise: Exercise, files: Sequence[SourceFile]) -> Answer:
    """The answer to an exercise from a ``.py`` file, or from a notebook's cells."""
    scripts = [f for f in files if not f.is_notebook]
    notebooks = [f for f in files if f.is_notebook]
    script = _from_scripts(exercise, scripts)
    if not notebooks:
        return script
    notebook = from_notebooks(course, exercise, notebooks)
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
    return Answer(file.data, note=note, origin=str(file.path))
