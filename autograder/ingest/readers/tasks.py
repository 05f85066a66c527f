"""What a reader can be asked to do. Everything here meets a stranger's bytes."""

from __future__ import annotations

import gc
from pathlib import Path, PurePosixPath
from typing import Any

from autograder.ingest.contents import metadata, taking, unpacking
from autograder.ingest.contents.alone import needs_nothing
from autograder.ingest.contents.answer import Answer
from autograder.ingest.contents.naming import names_of
from autograder.ingest.contents.notebook_answers import handed_out, stub_of
from autograder.ingest.contents.taking import NotTaken
from autograder.ingest.notebooks.answers import wanted
from autograder.outline import Course, Exercise
from autograder.text.regular import Unreadable

__all__ = [
    "NotTaken",
    "Unreadable",
    "files",
    "folder",
    "gradescope",
    "listing",
    "marked",
    "named_course",
    "notebook",
    "prepare",
    "ready",
    "submission",
    "unpack",
    "zipped",
]

_MESSAGE_CAP = 2000

Packed = dict[str, list[Any]]
"""By exercise id: source, verdict, message and note of an answer."""


_rehearsed: list[bool] = []
_prepared: set[Path] = set()  # roots of courses; what is kept is looked up by content again


def prepare(arguments: tuple[Any, ...]) -> None:
    """In the server, ahead of the fork: what all readers need of a course, done once."""
    course = next((a for a in arguments if isinstance(a, Course)), None)
    if not _rehearsed and any(isinstance(a, dict) for a in arguments):  # a notebook is to be shown
        from autograder.ingest.notebooks import markdown, placing  # noqa: F401

        markdown.rehearse()
        _rehearsed.append(True)
        gc.freeze()  # else each reader copies the pages that its collections touch
    if course is None or course.root in _prepared:
        return
    for exercise in course.exercises:
        stub = stub_of(course, exercise)
        wanted(exercise.id, stub)
        needs_nothing(stub.encode(), frozenset())
    names_of(course)
    handed_out(course)
    _prepared.add(course.root)
    gc.freeze()


def ready(course: Course, of: dict[str, str]) -> None:
    """Nothing: once it is answered, the server has what showing a notebook takes."""


def submission(
    places: tuple[tuple[str, str], ...], course: Course, exercises: tuple[Exercise, ...]
) -> dict[str, Any]:
    """What one attempt of a student holds. Each place is a folder, an archive or a file, and the
    path where it counts as lying in the submission: empty for what is the submission itself.

    ``answers``: by exercise id, source, verdict, message, note and companions of an answer.
    ``account``: path, exercise id, state and reason of each file met.
    """
    paths = [(Path(path), PurePosixPath(inner)) for path, inner in places]
    taken = taking.take(paths, course, exercises)
    return {"answers": _packed(taken.answers), "account": taken.account.packed()}


def folder(path: str, course: Course, exercises: tuple[Exercise, ...]) -> Packed:
    """The answers in a student's folder."""
    return files(((path, ""),), course, exercises)


def zipped(path: str, course: Course, exercises: tuple[Exercise, ...]) -> Packed:
    """The answers in an archive."""
    return files(((path, ""),), course, exercises)


def files(
    places: tuple[tuple[str, str], ...], course: Course, exercises: tuple[Exercise, ...]
) -> Packed:
    """The answers alone of :func:`submission`."""
    paths = [(Path(path), PurePosixPath(inner)) for path, inner in places]
    return _packed(taking.take(paths, course, exercises).answers)


def listing(path: str) -> list[unpacking.Row]:
    """The members of a class's archive."""
    try:
        return unpacking.listing(Path(path))
    except unpacking.Refused as error:
        raise NotTaken(str(error)) from None


def unpack(path: str, folder: str) -> list[unpacking.Row]:
    """A class's archive, unpacked into an empty folder of ours as numbered files."""
    try:
        return unpacking.unpack(Path(path), Path(folder))
    except unpacking.Refused as error:
        raise NotTaken(str(error)) from None


def gradescope(path: str) -> dict[str, metadata.Entry]:
    """Who handed in what, of a Gradescope export."""
    try:
        return _sound(metadata.gradescope(Path(path)))  # type: ignore[no-any-return]
    except (OSError, ValueError) as error:
        raise NotTaken(str(error)) from None


def named_course(path: str) -> str:
    """The course folder that an ``nbgrader_config.py`` names; empty for none."""
    try:
        return metadata.named_course(Path(path))
    except (OSError, ValueError, SyntaxError) as error:
        raise NotTaken(str(error)) from None


def notebook(
    path: str, kinds: dict[str, str], course: Course, graded: dict[str, bytes]
) -> list[Any]:
    """What is wrong with a notebook, and its cells as nbgrader's pages may show them."""
    from autograder.ingest.notebooks.placing import notebook as placed

    problem, cells = placed(path, kinds, course, graded)
    return [_words(problem), _sound(cells)]


def marked(path: str, name: str) -> bool:
    """Whether the notebook at ``path`` has ``name`` set in its metadata."""
    return taking.has_metadata(Path(path), name)


def _sound(value: Any) -> Any:
    """Plain data with every text in it such as can be stored."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, list | tuple):
        return [_sound(part) for part in value]
    if isinstance(value, dict):
        return {_sound(k): _sound(v) for k, v in value.items()}
    return value


def _packed(answers: dict[str, Answer]) -> Packed:
    return {
        id: [
            a.source,
            a.verdict and str(a.verdict),
            _words(a.message),
            _words(a.note),
            [list(file) for file in a.files],
        ]
        for id, a in answers.items()
    }


def _words(text: str) -> str:
    """A message of ours with words of a stranger's in it, as text that can be stored."""
    return text[:_MESSAGE_CAP].encode("utf-8", "replace").decode("utf-8")
