"""The files of one submission -> its answer to each exercise, or the verdict in its place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from autograder.ingest.contents.answer import Answer
from autograder.ingest.contents.files import SourceFile
from autograder.ingest.contents.naming import EXACT
from autograder.ingest.contents.notebook_answers import from_notebooks, stub_of
from autograder.model import Verdict
from autograder.outline import Course, Exercise
from autograder.stubs import is_untouched, same_code
from autograder.text.regular import shown

_LISTED = 6  # files that a message names


def choose(course: Course, exercise: Exercise, files: Sequence[SourceFile]) -> Answer:
    """The answer to an exercise from a script, or from a notebook's cells.

    The row of each file that was looked at for it says what became of it.
    """
    scripts = [f for f in files if f.claim.id == exercise.id and not f.is_notebook]
    notebooks = [f for f in files if f.is_notebook]

    def blank(source: bytes | None) -> bool:
        return source is not None and (
            not source.strip() or is_untouched(source, stub_of(course, exercise))
        )

    script = _from_scripts(exercise, scripts, blank)
    both = (course, exercise, script, notebooks, blank)
    answer = _of_both(*both) if notebooks else script
    _tell(exercise, answer, (*scripts, *notebooks))
    return answer


def _of_both(
    course: Course,
    exercise: Exercise,
    script: Answer,
    notebooks: Sequence[SourceFile],
    blank: Callable[[bytes | None], bool],
) -> Answer:
    """What was written counts wherever it is; where nothing was, the reason why something is
    not taken; the untouched stub at last."""
    notebook = _from_notebooks(course, exercise, notebooks)
    written = [a for a in (script, notebook) if a.source is not None and not blank(a.source)]
    if len(written) == 2:
        if same_code(script.source or b"", notebook.source or b""):
            return script
        message = (
            f"{exercise.id}.py and the notebook hold two different answers to {exercise.id}. "
            "Keep one."
        )
        return Answer(None, Verdict.REJECTED, message)
    refusals = [a for a in (script, notebook) if a.verdict is Verdict.REJECTED]
    if written:
        (answer,) = written
        if script in refusals:
            return replace(answer, note=f"{answer.note} Not taken: {script.message}".strip())
        return answer
    if refusals:
        return refusals[0]
    return next((a for a in (script, notebook) if a.source is not None), notebook)


def _from_notebooks(course: Course, exercise: Exercise, notebooks: Sequence[SourceFile]) -> Answer:
    answer = from_notebooks(course, exercise, notebooks)
    file = next((f for f in notebooks if answer.origin and str(f.path) == answer.origin), None)
    if answer.source is None or file is None or file.path.suffix.lower() == ".ipynb":
        return answer
    note = f"{shown(file.path)} is a notebook saved as a script; its cells were graded."
    return replace(answer, note=f"{note} {answer.note}".strip())


# -- scripts ----------------------------------------------------------------------------------


def _from_scripts(
    exercise: Exercise, files: Sequence[SourceFile], blank: Callable[[bytes | None], bool]
) -> Answer:
    """The name as expected comes before all others, its chapter's folder before the root."""
    if not files:
        message = f"No file {exercise.id}.py was found in this submission."
        return Answer(None, Verdict.NOT_ATTEMPTED, message)
    candidates = list(files)
    if len(files) > 1:
        candidates = [f for f in files if not _is_blank(f, blank)] or candidates
    best = min(_rank(exercise, f) for f in candidates)
    chosen = [f for f in candidates if _rank(exercise, f) == best]
    if len(candidates) > 1:
        chosen += _rivals(candidates, chosen)
        chosen.sort(key=lambda f: str(f.path))
    kinds = {_content(f) for f in chosen} if len(candidates) > 1 else set()
    if len(kinds) > 1:
        places = ", ".join(shown(f.path) for f in chosen[:_LISTED])
        exact = chosen[0].claim.how == EXACT
        what = f"files {exercise.id}.py" if exact else f"files that may be {exercise.id}.py"
        message = f"There are {len(chosen)} different {what}: {places}. Keep one."
        return _refused(exercise, chosen, message, "one of several that differ: keep one")
    file = chosen[0]
    if file.problem:
        message = f"{shown(file.path)} {file.problem}."
        return _refused(exercise, chosen, message, file.problem)
    notes = [_note(exercise, file, best[-1])]
    others = [f for f in candidates if f not in chosen and _content(f) not in kinds]
    if others:
        places = ", ".join(shown(f.path) for f in others[:_LISTED])
        notes.append(f"Not graded, because {shown(file.path)} was: {places}.")
    for other in files:
        if other.row is not None and other is not file:
            other.row.passed_over(exercise.id, _why_not(other, file, candidates))
    return Answer(file.data, note=" ".join(filter(None, notes)), origin=str(file.path))


def _rivals(candidates: Sequence[SourceFile], chosen: Sequence[SourceFile]) -> list[SourceFile]:
    """Others of an archive of their own, wherever in it: which was meant last, nobody knows."""
    bases, best = {f.base for f in chosen}, (chosen[0].in_environment, chosen[0].claim.how)
    return [
        f for f in candidates if f.base not in bases and (f.in_environment, f.claim.how) == best
    ]


def _is_blank(file: SourceFile, blank: Callable[[bytes | None], bool]) -> bool:
    """Whether nobody wrote anything in it: it is empty, or the stub still."""
    return file.empty if file.problem else blank(file.data)


def _rank(exercise: Exercise, file: SourceFile) -> tuple[bool, int, int]:
    parent = file.path.parent
    place = 0 if parent.name == exercise.chapter else 1 if parent == file.base else 2
    return file.in_environment, file.claim.how, place


def _content(file: SourceFile) -> tuple[bytes, str]:
    """What makes two files the same answer: their lines, however these end."""
    if file.problem:
        return b"", f"{file.problem} {len(file.data)}"
    return b"\n".join(line.rstrip() for line in file.data.splitlines()).strip(b"\n"), ""


def _note(exercise: Exercise, file: SourceFile, place: int) -> str:
    exact = f"{exercise.id}.py"
    if file.claim.how != EXACT:
        return f"{shown(file.path)} was graded as {exercise.id}: rename it to {exact}."
    if place == 2 and len(file.path.parts) > 1:
        return f"Found at {shown(file.path)}; expected {exercise.chapter}/{exact}."
    return ""


def _why_not(other: SourceFile, file: SourceFile, candidates: Sequence[SourceFile]) -> str:
    if other not in candidates:
        return "the untouched stub, or empty"
    same = _content(other) == _content(file)
    return f"the same as {shown(file.path)}" if same else f"{shown(file.path)} was graded instead"


def _refused(exercise: Exercise, files: Sequence[SourceFile], message: str, reason: str) -> Answer:
    for file in files:
        if file.row is not None:
            file.row.refused(exercise.id, file.problem or reason)
    return Answer(None, Verdict.REJECTED, message)


# -- what is said -----------------------------------------------------------------------------


def _tell(exercise: Exercise, answer: Answer, files: Sequence[SourceFile]) -> None:
    for file in files:
        if file.row is None:
            continue
        if answer.source is not None and str(file.path) == answer.origin:
            file.row.graded(exercise.id, answer.note)
        elif file.problem and file.is_notebook:
            file.row.refused("", file.problem)


def missing(exercise: Exercise, message: str, others: Sequence[PurePosixPath]) -> str:
    """The message for an answer that is not there, with what is there instead."""
    others = [path for path in others if shown(path) not in message]
    if not others:
        return message
    names = ", ".join(shown(path) for path in others[:_LISTED])
    more = len(others) - _LISTED
    names += f" and {more} more" if more > 0 else ""
    if message.startswith("No file "):
        message = f"No file {exercise.id}.py was found."
    return f"{message} In the submission: {names}."
