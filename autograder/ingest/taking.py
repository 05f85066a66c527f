"""The bytes of one submission -> its answers. Runs in a reader process, and nowhere else.

What is done here may cost whatever the bytes make it cost: the process that does it has limits
(:mod:`autograder.readers`).
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath

from autograder.ingest.answer import Answer
from autograder.ingest.answers import choose
from autograder.ingest.archives import ArchiveProblem, Member, read_zip
from autograder.ingest.around import Around, Reading
from autograder.ingest.files import (
    FILES_CAP,
    IGNORED,
    NOTEBOOKS_CAP,
    TEXT_CAP,
    SourceFile,
    cap,
    is_notebook,
    key,
    read_file,
    source_file,
    stem,
    walk,
)
from autograder.ingest.notebook_answers import chapter_of
from autograder.model import Verdict
from autograder.notebooks.reading import NOTEBOOK_CAP, NotebookProblem, without_outputs
from autograder.outline import Course, Exercise
from autograder.regular import open_regular, shown

SOURCES_CAP = 16 << 20
"""Most bytes of all answers of one submission."""


class NotTaken(Exception):
    """The submission as a whole is not taken; the message says why."""


def from_folder(root: Path, course: Course, exercises: tuple[Exercise, ...]) -> dict[str, Answer]:
    """The answers in a student's folder, by exercise id; :class:`NotTaken`."""
    known = _keys(exercises)
    unread: list[SourceFile] = []
    try:
        found = list(walk(root, unread))
        places = [p for p in found if _is_wanted(p[1].name, known)]
        met = {inner: _reading(path) for path, inner in found}
    except OSError as error:
        raise NotTaken(error.strerror or str(error)) from None
    if sum(is_notebook(inner.name) for _, inner in places) > NOTEBOOKS_CAP:
        raise NotTaken(f"it holds more than {NOTEBOOKS_CAP} notebooks")
    files = (read_file(path, inner) for path, inner in places)
    return chosen(course, exercises, files, unread, met)


def from_zip(path: Path, course: Course, exercises: tuple[Exercise, ...]) -> dict[str, Answer]:
    """The answers in a zip file, by exercise id; :class:`NotTaken`."""
    known = _keys(exercises)

    def wanted(name: str) -> bool:
        inner = PurePosixPath(name)
        return IGNORED.isdisjoint(inner.parts) and _is_wanted(inner.name, known)

    # Each notebook is taken apart as it is read: their bytes are never there all together.
    members = read_zip(path, cap, FILES_CAP, wanted)
    try:
        return chosen(
            course,
            exercises,
            (source_file(PurePosixPath(m.name), m.data, m.problem) for m in members),
            met=_members(path),
        )
    except ArchiveProblem as error:
        raise NotTaken(str(error)) from None


def from_files(
    places: Iterable[tuple[Path, PurePosixPath]], course: Course, exercises: tuple[Exercise, ...]
) -> dict[str, Answer]:
    """The answers in single files, each with the place where it counts as lying."""
    places = list(places)
    known = _keys(exercises)
    files = (read_file(path, inner) for path, inner in places if _is_wanted(inner.name, known))
    met = {inner: _reading(path) for path, inner in places}
    return chosen(course, exercises, files, met=met)


def _reading(path: Path) -> Reading:
    def read(most: int) -> tuple[bytes, str]:
        file = read_file(path, PurePosixPath(path.name))
        return file.data, file.problem

    return read


def _members(path: Path) -> dict[PurePosixPath, Reading]:
    """Every member of a zip by its path; all are read when the first of them is asked for."""
    inside: dict[str, Member] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            names = [PurePosixPath(i.filename) for i in archive.infolist() if not i.is_dir()]
    except Exception:  # what is wrong with it is said where its answers are read
        return {}
    tops = {name.parts[0] for name in names if len(name.parts) > 1}
    wrapped = len(tops) == 1 and all(len(name.parts) > 1 for name in names)

    def reading(name: str) -> Reading:
        def read(most: int) -> tuple[bytes, str]:
            if not inside:
                inside.update((m.name, m) for m in read_zip(path, cap, FILES_CAP, lambda _: True))
            return (inside[name].data, inside[name].problem) if name in inside else (b"", "is gone")

        return read

    paths = [PurePosixPath(*name.parts[1:]) if wrapped else name for name in names]
    return {path: reading(str(path)) for path in paths}


def chosen(
    course: Course,
    exercises: tuple[Exercise, ...],
    files: Iterable[SourceFile],
    folders: Sequence[SourceFile] = (),
    met: dict[PurePosixPath, Reading] | None = None,
) -> dict[str, Answer]:
    """The answers in ``files``, by exercise id; :class:`NotTaken` where they are too many.

    ``folders`` are those that this machine did not let us look into.
    """
    kept: list[SourceFile] = []
    text = notebooks = 0
    for file in files:
        notebooks += file.is_notebook
        if notebooks > NOTEBOOKS_CAP:
            raise NotTaken(f"it holds more than {NOTEBOOKS_CAP} notebooks")
        text += sum(len(cell.source) for cell in file.cells or ()) + len(file.data)
        if text > TEXT_CAP:
            raise NotTaken(f"it holds more than {TEXT_CAP >> 20} MiB of text")
        kept.append(file)
    answers = {e.id: _or_fault(choose(course, e, kept), e, course, kept, folders)
               for e in exercises}  # fmt: skip
    around = Around(met or {}, [f for f in kept if f.is_notebook])
    answers = {e.id: around.join(course, e, answers[e.id]) for e in exercises}
    if sum(len(a.source or b"") for a in answers.values()) > SOURCES_CAP:
        raise NotTaken(f"its answers have more than {SOURCES_CAP >> 20} MiB")
    return answers


def _or_fault(
    answer: Answer,
    exercise: Exercise,
    course: Course,
    files: list[SourceFile],
    folders: Sequence[SourceFile],
) -> Answer:
    """The answer, unless it may lie in what this machine did not let us read: nobody's 0."""
    exact = [f for f in files if f.path.name == f"{exercise.id}.py"]
    # An answer from elsewhere may not stand in for a file that nobody could look at.
    hidden = bool(exact) and all(f.fault for f in exact)
    if answer.source is not None and not hidden:
        return answer
    for file in (*exact, *folders, *files):
        if file.is_notebook and file not in folders:
            mine = chapter_of(file.path, course) in ("", exercise.chapter)
        else:
            mine = file in folders or key(stem(file.path.name)) == key(exercise.id)
        if file.fault and mine:
            message = f"It was not read: {shown(file.path)} {file.problem}."
            return Answer(None, Verdict.GRADER_FAULT, message)
    return answer


def has_metadata(path: Path, name: str) -> bool:
    """Whether the file is a notebook whose metadata have ``name`` set."""
    try:
        with open_regular(path) as file:
            data = file.read(NOTEBOOK_CAP + 1)
        document = json.loads(without_outputs(data))
        return bool(document["metadata"][name])
    except (OSError, NotebookProblem, ValueError, KeyError, TypeError):
        return False


def _keys(exercises: tuple[Exercise, ...]) -> frozenset[str]:
    return frozenset(key(e.id) for e in exercises)


def _is_wanted(name: str, known: frozenset[str]) -> bool:
    """Whether a file of this name may hold an answer to an exercise of these keys."""
    return is_notebook(name) or key(stem(name)) in known
