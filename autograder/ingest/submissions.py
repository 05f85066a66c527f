"""A folder, a zip or loose files -> submissions: only regular files, by content, under caps.

Names are looked at here, and no byte of any file: each submission is read in a process of its
own (:mod:`autograder.readers`), whose end, whatever it is, is that submission's verdict.
Nothing is executed or imported, and no link is followed: what goes on from here is the text of
the files that carry an exercise's name, and that of notebooks' cells. An nbgrader course folder
is taken by its ``submitted`` folder.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder import extras, regular
from autograder.ingest import litter
from autograder.ingest.answer import Answer
from autograder.ingest.around import siblings
from autograder.ingest.files import is_notebook, stem
from autograder.model import Verdict
from autograder.outline import Course, Exercise
from autograder.readers import FAILED, FAULT, Reply, Request, shared

__all__ = ["Answer", "Submission", "SubmissionsError", "collect", "from_folders", "refused"]


class SubmissionsError(Exception):
    """The path given is unusable; the message says why and what would do."""


@dataclass(slots=True)
class Submission:
    """One student's answers, by exercise id."""

    student: str
    answers: dict[str, Answer] = field(default_factory=dict)
    failed: str = ""
    """What went wrong in our own code while it was read; for the instructor."""


@dataclass(frozen=True, slots=True)
class _Unread:
    """One submission that is still to be read: whose, by which task of a reader, from where."""

    student: str
    task: str
    place: str | tuple[tuple[str, str], ...]
    exercises: tuple[Exercise, ...]


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
            one = _Unread(_name(path.stem), "zipped", str(path), exercises)
            return _read([one], course)
        if is_notebook(path.name):
            return _read([_single_notebook(path, course, exercises)], course)
        if path.suffix == ".py":
            return _read([_single_file(path, course, exercises)], course)
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
        one = _Unread(_name(path.resolve().name), "folder", str(path), exercises)
        return _read([one], course)
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
    links: list[Submission] = []
    unread: list[_Unread] = []
    loose: dict[str, list[tuple[str, str]]] = {}
    for entry in entries:
        if litter.file(entry.name) or litter.folder(entry.name):
            continue
        place = Path(entry.path)
        if entry.is_symlink():
            links.append(refused(_name(entry.name), exercises, "it is a symbolic link"))
        elif entry.is_dir(follow_symlinks=False):
            unread.append(_Unread(_name(entry.name), "folder", entry.path, exercises))
        elif place.suffix.lower() == ".zip":
            unread.append(_Unread(_name(place.stem), "zipped", entry.path, exercises))
        elif place.suffix == ".py":
            student, exercise = _loose_name(place.stem, _exercise_ids(course))
            if exercise:
                loose.setdefault(student, []).append((entry.path, f"{exercise}.py"))
        elif is_notebook(place.name):
            names = [c.id for c in course.chapters] + _exercise_ids(course)
            student, name = _loose_name(stem(place.name), names)
            inner = f"{name}.ipynb" if name else place.name
            loose.setdefault(student, []).append((entry.path, inner))
    unread += [_Unread(_name(s), "files", tuple(places), exercises) for s, places in loose.items()]
    merged: dict[str, Submission] = {}
    for submission in (*links, *_read(unread, course)):
        name, number = submission.student, 2
        while submission.student in merged:
            submission.student = f"{name} ({number})"
            number += 1
        merged[submission.student] = submission
    return list(merged.values())


def _name(raw: str) -> str:
    """A student's name as text, whatever bytes the file system held."""
    return regular.text(raw) or "?"


def _exercise_ids(course: Course) -> list[str]:
    return [e.id for e in course.exercises]


def _loose_name(name: str, known: list[str]) -> tuple[str, str]:
    """``alice_count_up`` -> (``alice``, ``count_up``); the second is empty where none fits."""
    for id in sorted(known, key=len, reverse=True):
        if name.endswith(id) and name != id and name[-len(id) - 1] in "_-. ":
            return name[: -len(id)].rstrip("_-. ") or name, id
    return name, ""


def _single_file(path: Path, course: Course, exercises: tuple[Exercise, ...]) -> _Unread:
    known = _exercise_ids(course)
    student, id = (path.resolve().parent.name, path.stem)
    if id not in known:
        student, id = _loose_name(path.stem, known)
    if id not in known:
        raise SubmissionsError(
            f"{path.name} is not named for an exercise; known are {', '.join(sorted(known))}"
        )
    wanted = tuple(e for e in exercises if e.id == id)
    if not wanted:
        raise SubmissionsError(f"{path.name} answers {id}, which is not among those asked for")
    places = ((str(path), f"{id}.py"), *siblings(path, known))
    return _Unread(_name(student), "files", places, wanted)


def _single_notebook(path: Path, course: Course, exercises: tuple[Exercise, ...]) -> _Unread:
    """One notebook: the exercises of its chapter where its name says one, all otherwise."""
    chapters = [c.id for c in course.chapters]
    name = stem(path.name)
    student, chapter = _loose_name(name, chapters)
    if name in chapters:
        student, chapter = path.resolve().parent.name, name
        if student == chapter:  # nbgrader's submitted/<student>/<chapter>/<chapter>.ipynb
            student = path.resolve().parent.parent.name
    inner = f"{chapter}.ipynb" if chapter else path.name
    wanted = tuple(e for e in exercises if e.chapter == chapter)
    if chapter and not wanted:
        raise SubmissionsError(
            f"{path.name} answers {chapter}, of which nothing is among those asked for"
        )
    wanted = wanted or exercises
    places = ((str(path), inner), *siblings(path, _exercise_ids(course)))
    return _Unread(_name(student), "files", places, wanted)


def refused(student: str, exercises: tuple[Exercise, ...], why: str) -> Submission:
    """A submission that is not taken, for a reason that its student is told."""
    message = f"This submission was not taken: {why}."
    answer = Answer(None, Verdict.REJECTED, message)
    return Submission(student, {e.id: answer for e in exercises})


# -- reading ----------------------------------------------------------------------------------


def from_folders(
    folders: Iterable[tuple[Path, str]], course: Course, exercises: tuple[Exercise, ...]
) -> list[Submission]:
    """Students' folders, each with the student's name, in their order."""
    unread = [_Unread(student, "folder", str(root), exercises) for root, student in folders]
    return _read(unread, course)


def _read(unread: list[_Unread], course: Course) -> list[Submission]:
    """Have each read by a process of its own; whatever becomes of that, there is a submission."""
    requests = [Request(one.task, (one.place, course, one.exercises)) for one in unread]
    replies = shared().ask_all(requests)
    return [_submission(one, reply) for one, reply in zip(unread, replies, strict=True)]


def _submission(one: _Unread, reply: Reply) -> Submission:
    if not reply.trouble:
        try:
            answers = {e.id: _answer(reply.value[e.id]) for e in one.exercises}
            return Submission(one.student, answers)
        except (KeyError, TypeError, ValueError) as error:
            reply = Reply(trouble=f"reading it failed ({type(error).__name__})", end=FAILED)
    submission = refused(one.student, one.exercises, reply.trouble)
    if reply.end == FAILED:
        submission.failed = reply.trouble
    elif reply.end == FAULT:  # nothing that the student did
        answer = Answer(None, Verdict.GRADER_FAULT, f"It was not read: {reply.trouble}.")
        submission.answers = {e.id: answer for e in one.exercises}
    return submission


def _answer(packed: list[Any]) -> Answer:
    source, verdict, message, note, files = packed
    if not (source is None or type(source) is bytes) or {type(message), type(note)} != {str}:
        raise TypeError
    verdict = Verdict(verdict) if verdict else None
    return Answer(source, verdict, message, note, extras.sound(files))
