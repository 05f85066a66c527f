"""A folder, a zip or loose files -> submissions: only regular files, by content, under caps.

Nothing of a submission is executed or imported here, and no link is followed: what goes on
from this room is the text of the files that carry an exercise's name, and that of notebooks'
cells. An nbgrader course folder is taken by its ``submitted`` folder.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from autograder.archives import ArchiveProblem, read_zip
from autograder.choosing import Answer, choose
from autograder.files import (
    FILES_CAP,
    IGNORED,
    NOTEBOOKS_CAP,
    SourceFile,
    cap,
    is_notebook,
    key,
    read_file,
    source_file,
    stem,
    walk,
)
from autograder.model import Verdict
from autograder.outline import Course, Exercise

__all__ = ["Answer", "Submission", "SubmissionsError", "collect", "from_folder", "refused"]


class SubmissionsError(Exception):
    """The path given is unusable; the message says why and what would do."""


@dataclass(slots=True)
class Submission:
    """One student's answers, by exercise id."""

    student: str
    answers: dict[str, Answer] = field(default_factory=dict)


def collect(path: Path, course: Course, exercises: tuple[Exercise, ...]) -> list[Submission]:
    """Every submission under ``path``, sorted by student; see the module's docstring.

    ``path`` holds a folder or ``.zip`` a student, or loose files ``<student>_<id>.py`` and
    ``<student>_<chapter>.ipynb``; or it is itself one submission (a folder, a zip, one
    ``<id>.py``, one notebook), or an nbgrader course folder. Raises :class:`SubmissionsError`
    where nothing of the kind is there.
    """
    if not path.exists():
        raise SubmissionsError(f"{path} does not exist")
    if path.is_file():
        if path.suffix == ".zip":
            return [_from_zip(path, course, exercises)]
        if is_notebook(path.name):
            return [_single_notebook(path, course, exercises)]
        if path.suffix == ".py":
            return [_single_file(path, course, exercises)]
        raise SubmissionsError(f"{path} is neither a folder, a .zip, a .py file nor a notebook")
    if not path.is_dir():
        raise SubmissionsError(f"{path} is neither a folder nor a regular file")
    try:
        entries = sorted(os.scandir(path), key=lambda e: e.name)
    except OSError as error:
        raise SubmissionsError(f"{path} cannot be read: {error.strerror}") from error
    names = {e.name for e in entries}
    if "submitted" in names and names & {"nbgrader_config.py", "source", "gradebook.db"}:
        return collect(path / "submitted", course, exercises)
    if _is_one_submission(entries, course):
        return [from_folder(path, path.resolve().name, course, exercises)]
    found = _one_each(entries, course, exercises)
    if not found:
        raise SubmissionsError(
            f"{path} holds no submissions: expected a folder or .zip for each student, with "
            f"files such as {exercises[0].chapter}/{exercises[0].id}.py or {exercises[0].id}.py, "
            f"or notebooks such as {exercises[0].chapter}/{exercises[0].chapter}.ipynb"
        )
    return sorted(found, key=lambda s: s.student)


def _is_one_submission(entries: list[os.DirEntry[str]], course: Course) -> bool:
    files = {f"{e.id}.py" for e in course.exercises}
    chapters = {c.id for c in course.chapters}
    notebooks = {f"{name}.ipynb" for name in (*chapters, *(e.id for e in course.exercises))}
    return any(e.name in files | chapters | notebooks for e in entries)


def _one_each(
    entries: list[os.DirEntry[str]], course: Course, exercises: tuple[Exercise, ...]
) -> list[Submission]:
    found: list[Submission] = []
    loose: dict[str, list[SourceFile]] = {}
    for entry in entries:
        if entry.name.startswith(".") or entry.name in IGNORED:
            continue
        place = Path(entry.path)
        if entry.is_symlink():
            found.append(refused(_name(entry.name), exercises, "it is a symbolic link"))
        elif entry.is_dir(follow_symlinks=False):
            found.append(from_folder(place, _name(entry.name), course, exercises))
        elif place.suffix.lower() == ".zip":
            found.append(_from_zip(place, course, exercises))
        elif place.suffix == ".py":
            student, exercise = _loose_name(place.stem, _exercise_ids(course))
            if exercise:
                file = read_file(place, PurePosixPath(f"{exercise}.py"))
                loose.setdefault(student, []).append(file)
        elif is_notebook(place.name):
            names = [c.id for c in course.chapters] + _exercise_ids(course)
            student, name = _loose_name(stem(place.name), names)
            inner = PurePosixPath(f"{name}.ipynb" if name else place.name)
            loose.setdefault(student, []).append(read_file(place, inner))
    found += [_submission(_name(s), files, course, exercises) for s, files in loose.items()]
    merged: dict[str, Submission] = {}
    for submission in found:
        name, number = submission.student, 2
        while submission.student in merged:
            submission.student = f"{name} ({number})"
            number += 1
        merged[submission.student] = submission
    return list(merged.values())


def _name(raw: str) -> str:
    """A student's name as text, whatever bytes the file system held."""
    text = os.fsencode(raw).decode("utf-8", "replace")
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text) or "?"


def _exercise_ids(course: Course) -> list[str]:
    return [e.id for e in course.exercises]


def _loose_name(name: str, known: list[str]) -> tuple[str, str]:
    """``alice_count_up`` -> (``alice``, ``count_up``); the second is empty where none fits."""
    for id in sorted(known, key=len, reverse=True):
        if name.endswith(id) and name != id and name[-len(id) - 1] in "_-. ":
            return name[: -len(id)].rstrip("_-. ") or name, id
    return name, ""


def _single_file(path: Path, course: Course, exercises: tuple[Exercise, ...]) -> Submission:
    known = _exercise_ids(course)
    student, id = (path.resolve().parent.name, path.stem)
    if id not in known:
        student, id = _loose_name(path.stem, known)
    if id not in known:
        raise SubmissionsError(
            f"{path.name} is not named for an exercise; known are {', '.join(sorted(known))}"
        )
    wanted = tuple(e for e in exercises if e.id == id)
    file = read_file(path, PurePosixPath(f"{id}.py"))
    return _submission(_name(student), [file], course, wanted)


def _single_notebook(path: Path, course: Course, exercises: tuple[Exercise, ...]) -> Submission:
    """One notebook: the exercises of its chapter where its name says one, all otherwise."""
    chapters = [c.id for c in course.chapters]
    name = stem(path.name)
    student, chapter = _loose_name(name, chapters)
    if name in chapters:
        student, chapter = path.resolve().parent.name, name
        if student == chapter:  # nbgrader's submitted/<student>/<chapter>/<chapter>.ipynb
            student = path.resolve().parent.parent.name
    inner = PurePosixPath(f"{chapter}.ipynb" if chapter else path.name)
    wanted = tuple(e for e in exercises if e.chapter == chapter) or exercises
    return _submission(_name(student), [read_file(path, inner)], course, wanted)


def refused(student: str, exercises: tuple[Exercise, ...], why: str) -> Submission:
    """A submission that is not taken, for a reason that its student is told."""
    message = f"This submission was not taken: {why}."
    answer = Answer(None, Verdict.REJECTED, message)
    return Submission(student, {e.id: answer for e in exercises})


# -- one submission ---------------------------------------------------------------------------


def _wanted(name: str, exercises: tuple[Exercise, ...]) -> bool:
    """Whether a file of this name may hold an answer to one of ``exercises``."""
    return is_notebook(name) or key(stem(name)) in {key(e.id) for e in exercises}


def from_folder(
    root: Path, student: str, course: Course, exercises: tuple[Exercise, ...]
) -> Submission:
    """One student's folder."""
    try:
        places = [p for p in walk(root) if _wanted(p[1].name, exercises)]
        if sum(is_notebook(inner.name) for _, inner in places) > NOTEBOOKS_CAP:
            return refused(student, exercises, f"it holds more than {NOTEBOOKS_CAP} notebooks")
        files = [read_file(path, inner) for path, inner in places]
    except OSError as error:
        return refused(student, exercises, error.strerror or str(error))
    return _submission(student, files, course, exercises)


def _from_zip(path: Path, course: Course, exercises: tuple[Exercise, ...]) -> Submission:
    student = _name(path.stem)

    def wanted(name: str) -> bool:
        inner = PurePosixPath(name)
        return IGNORED.isdisjoint(inner.parts) and _wanted(inner.name, exercises)

    try:
        members = read_zip(path, cap, FILES_CAP, wanted)
    except ArchiveProblem as error:
        return refused(student, exercises, str(error))
    files = [source_file(PurePosixPath(m.name), m.data, m.problem) for m in members]
    return _submission(student, files, course, exercises)


def _submission(
    student: str, files: list[SourceFile], course: Course, exercises: tuple[Exercise, ...]
) -> Submission:
    return Submission(student, {e.id: choose(course, e, files) for e in exercises})
