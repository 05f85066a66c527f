"""A folder, a zip or loose files -> submissions: only regular files, by content, under caps.

Nothing of a submission is executed, imported or parsed here, and no link is followed: what
goes on from this room is the bytes of the files that carry an exercise's name.
"""

from __future__ import annotations

import os
import re
import stat
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from autograder.archives import ArchiveProblem, read_zip
from autograder.model import Verdict
from autograder.outline import Course, Exercise

FILE_CAP = 1 << 20
"""Most bytes of one source file."""

FILES_CAP = 10_000
"""Most files that one submission may hold."""

_IGNORED = {"__pycache__", "__MACOSX", ".git", ".ipynb_checkpoints", ".venv", "node_modules"}


class SubmissionsError(Exception):
    """The path given is unusable; the message says why and what would do."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a submission holds for one exercise: its text, or the verdict that stands for it."""

    source: bytes | None
    verdict: Verdict | None = None
    message: str = ""
    note: str = ""


@dataclass(slots=True)
class Submission:
    """One student's answers, by exercise id."""

    student: str
    answers: dict[str, Answer] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _File:
    """A candidate: where it lies in the submission, and its bytes or what is wrong with it."""

    path: PurePosixPath
    data: bytes
    problem: str = ""


def collect(path: Path, course: Course, exercises: tuple[Exercise, ...]) -> list[Submission]:
    """Every submission under ``path``, sorted by student; see the module's docstring.

    ``path`` holds a folder or ``.zip`` a student, or loose files ``<student>_<id>.py``; or it
    is itself one submission (a folder, a zip, or one ``<id>.py``). Raises
    :class:`SubmissionsError` where nothing of the kind is there.
    """
    if not path.exists():
        raise SubmissionsError(f"{path} does not exist")
    if path.is_file():
        if path.suffix == ".zip":
            return [_from_zip(path, course, exercises)]
        if path.suffix == ".py":
            return [_single_file(path, course, exercises)]
        raise SubmissionsError(f"{path} is neither a folder, a .zip nor a .py file")
    if not path.is_dir():
        raise SubmissionsError(f"{path} is neither a folder nor a regular file")
    try:
        entries = sorted(os.scandir(path), key=lambda e: e.name)
    except OSError as error:
        raise SubmissionsError(f"{path} cannot be read: {error.strerror}") from error
    if _is_one_submission(entries, course):
        return [_from_folder(path, path.resolve().name, exercises)]
    found = _one_each(entries, course, exercises)
    if not found:
        raise SubmissionsError(
            f"{path} holds no submissions: expected a folder or .zip for each student, with "
            f"files such as {exercises[0].chapter}/{exercises[0].id}.py or {exercises[0].id}.py"
        )
    return sorted(found, key=lambda s: s.student)


def _is_one_submission(entries: list[os.DirEntry[str]], course: Course) -> bool:
    files = {f"{e.id}.py" for e in course.exercises}
    chapters = {c.id for c in course.chapters}
    return any(e.name in files or e.name in chapters for e in entries)


def _one_each(
    entries: list[os.DirEntry[str]], course: Course, exercises: tuple[Exercise, ...]
) -> list[Submission]:
    found: list[Submission] = []
    loose: dict[str, list[_File]] = {}
    for entry in entries:
        if entry.name.startswith(".") or entry.name in _IGNORED:
            continue
        place = Path(entry.path)
        if entry.is_symlink():
            found.append(_refused(_name(entry.name), exercises, "it is a symbolic link"))
        elif entry.is_dir(follow_symlinks=False):
            found.append(_from_folder(place, _name(entry.name), exercises))
        elif place.suffix.lower() == ".zip":
            found.append(_from_zip(place, course, exercises))
        elif place.suffix == ".py":
            student, exercise = _loose_name(place.stem, course)
            if exercise:
                file = _read(place, PurePosixPath(f"{exercise}.py"))
                loose.setdefault(student, []).append(file)
    found += [_submission(_name(s), files, exercises) for s, files in loose.items()]
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


def _loose_name(stem: str, course: Course) -> tuple[str, str]:
    """``alice_count_up`` -> (``alice``, ``count_up``); the second is empty where none fits."""
    ids = sorted((e.id for e in course.exercises), key=len, reverse=True)
    for id in ids:
        if stem.endswith(id) and stem != id and stem[-len(id) - 1] in "_-. ":
            return stem[: -len(id)].rstrip("_-. ") or stem, id
    return stem, ""


def _single_file(path: Path, course: Course, exercises: tuple[Exercise, ...]) -> Submission:
    known = {e.id for e in course.exercises}
    student, id = (path.resolve().parent.name, path.stem)
    if id not in known:
        student, id = _loose_name(path.stem, course)
    if id not in known:
        raise SubmissionsError(
            f"{path.name} is not named for an exercise; known are {', '.join(sorted(known))}"
        )
    wanted = tuple(e for e in exercises if e.id == id)
    return _submission(_name(student), [_read(path, PurePosixPath(f"{id}.py"))], wanted)


def _refused(student: str, exercises: tuple[Exercise, ...], why: str) -> Submission:
    message = f"This submission was not taken: {why}."
    answer = Answer(None, Verdict.REJECTED, message)
    return Submission(student, {e.id: answer for e in exercises})


# -- reading ---------------------------------------------------------------------------------


def _walk(root: Path) -> Iterator[tuple[Path, PurePosixPath]]:
    pending = [(root, PurePosixPath())]
    count = 0
    while pending:
        folder, relative = pending.pop()
        with os.scandir(folder) as entries:
            for entry in sorted(entries, key=lambda e: e.name):
                count += 1
                if count > FILES_CAP:
                    raise OSError(f"it holds more than {FILES_CAP} files")
                inner = relative / entry.name
                if entry.is_dir(follow_symlinks=False):
                    if entry.name not in _IGNORED and len(inner.parts) < 12:
                        pending.append((Path(entry.path), inner))
                else:
                    yield Path(entry.path), inner


def _from_folder(root: Path, student: str, exercises: tuple[Exercise, ...]) -> Submission:
    wanted = {_key(e.id) for e in exercises}
    try:
        files = [
            _read(path, inner) for path, inner in _walk(root) if _key(_stem(inner.name)) in wanted
        ]
    except OSError as error:
        return _refused(student, exercises, error.strerror or str(error))
    return _submission(student, files, exercises)


def _from_zip(path: Path, course: Course, exercises: tuple[Exercise, ...]) -> Submission:
    student = _name(path.stem)
    wanted = {_key(e.id) for e in exercises}
    try:
        members = read_zip(
            path, FILE_CAP, FILES_CAP, lambda name: _key(_stem(PurePosixPath(name).name)) in wanted
        )
    except ArchiveProblem as error:
        return _refused(student, exercises, str(error))
    files = [_File(PurePosixPath(m.name), m.data, m.problem) for m in members]
    return _submission(student, files, exercises)


def _read(path: Path, inner: PurePosixPath) -> _File:
    """The bytes of one regular file, by a descriptor that follows no link."""
    try:
        status = path.lstat()
        if stat.S_ISLNK(status.st_mode):
            return _File(inner, b"", "is a symbolic link")
        if not stat.S_ISREG(status.st_mode):
            return _File(inner, b"", "is not a regular file")
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                return _File(inner, b"", "is not a regular file")
            if status.st_nlink > 1:
                return _File(inner, b"", "is a hard link to another file")
            data = file.read(FILE_CAP + 1)
    except OSError as error:
        return _File(inner, b"", f"cannot be read ({error.strerror})")
    if len(data) > FILE_CAP:
        return _File(inner, b"", f"is larger than {FILE_CAP >> 10} KiB")
    return _File(inner, data)


# -- choosing ---------------------------------------------------------------------------------


def _stem(name: str) -> str:
    """``count_up (1).py`` and ``Count-Up.PY.txt`` -> the name without copies and endings."""
    base = re.split(r"(?i)\.py(?:\.txt)?$", name)[0]
    return re.sub(r"[ _]*(?:\(\d+\)|copy|- Copy)$", "", base, flags=re.IGNORECASE)


def _key(name: str) -> str:
    return re.sub(r"[\s_-]+", "", name).casefold()


def _submission(student: str, files: list[_File], exercises: tuple[Exercise, ...]) -> Submission:
    return Submission(student, {e.id: _answer(e, files) for e in exercises})


def _answer(exercise: Exercise, files: list[_File]) -> Answer:
    exact = f"{exercise.id}.py"
    named = [f for f in files if f.path.name == exact]
    if not named:
        near = [f for f in files if _key(_stem(f.path.name)) == _key(exercise.id)]
        if near:
            message = f"{near[0].path} was found; rename it to {exercise.chapter}/{exact}."
            return Answer(None, Verdict.REJECTED, message)
        message = f"No file {exact} was found in this submission."
        return Answer(None, Verdict.NOT_ATTEMPTED, message)

    def rank(file: _File) -> int:
        parent = file.path.parent
        return 0 if parent.name == exercise.chapter else 1 if parent == PurePosixPath() else 2

    best = min(map(rank, named))
    chosen = [f for f in named if rank(f) == best]
    if len(chosen) > 1 and len({(f.data, f.problem) for f in chosen}) > 1:
        places = ", ".join(str(f.path) for f in chosen[:4])
        message = f"There are {len(chosen)} different files {exact}: {places}. Keep one."
        return Answer(None, Verdict.REJECTED, message)
    file = chosen[0]
    problem = file.problem or encoding_problem(file.data)
    if problem:
        return Answer(None, Verdict.REJECTED, f"{file.path} {problem}.")
    misplaced = best == 2 and len(file.path.parts) > 1
    note = f"Found at {file.path}; expected {exercise.chapter}/{exact}." if misplaced else ""
    return Answer(file.data, note=note)


def encoding_problem(data: bytes) -> str:
    """Why the bytes are no Python source text, in words; empty if they are."""
    if b"\0" in data:
        return "holds zero bytes: it is no text file"
    lines = iter(data.splitlines(keepends=True))
    problem = ""
    try:
        encoding, _ = tokenize.detect_encoding(lambda: next(lines, b""))
    except SyntaxError as error:
        # Raised for a bad byte near the top, too: only the rest is about a declaration.
        problem = f"names an encoding that cannot be used ({str(error)[:120]})"
        encoding = "utf-8"
    try:
        data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return f"is not {error.encoding} text: byte 0x{data[error.start]:02x} in line {line}"
    return problem
