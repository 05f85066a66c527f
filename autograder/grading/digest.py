"""What a mark depends on, as a digest: a change to any of it makes stored results unusable.

That is the code of ``judging/`` and ``sandbox/`` with every module of ours that it imports, the
grader, the reference, the exercise's entry in the outline, and files that lie beside an answer.
Reports, exports, late penalties and commands are no part of it: changing them regrades nobody.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from autograder.environment import PACKAGE
from autograder.outline import Course, Exercise

ROOMS = ("judging", "sandbox")
"""Packages that a mark depends on as a whole."""

_IMPORT = re.compile(
    r"^[ \t]*(?:from (autograder[\w.]*) import (\([^)]*\)|[^\n]*)|import (autograder[\w.]*))",
    re.MULTILINE,
)
_NAME = re.compile(r"\w+")


@cache
def code() -> tuple[Path, ...]:
    """The files of the engine that a mark depends on, in a fixed order."""
    pending = [path for room in ROOMS for path in (PACKAGE / room).rglob("*.py")]
    seen = set(pending)
    while pending:
        for path in _imported(pending.pop().read_text(encoding="utf-8")):
            if path not in seen:
                seen.add(path)
                pending.append(path)
    return tuple(sorted(seen))


def _imported(text: str) -> Iterable[Path]:
    """Our own modules that a module's text imports, with the packages that hold them.

    By pattern, because parsing them would take longer than grading one answer does; a test
    compares it with the syntax tree.
    """
    for match in _IMPORT.finditer(text):
        module, names = match[1] or match[3], _NAME.findall(match[2] or "")
        for name in (module, *(f"{module}.{name}" for name in names)):
            yield from _files(name)


@cache
def _files(name: str) -> tuple[Path, ...]:
    """The files of the module called so, if it is one, and of the packages that hold it."""
    package, _, last = name.rpartition(".")
    if not package:
        return ()
    path = PACKAGE.joinpath(*name.split(".")[1:])
    files = (path / "__init__.py", path.with_name(f"{last}.py"))
    return (*_files(package), *(file for file in files if file.is_file()))


@cache
def engine_digest() -> str:
    """Digest of :func:`code`."""
    digest = hashlib.sha256()
    for path in code():
        digest.update(f"{path.relative_to(PACKAGE).as_posix()}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def grader_digest(course: Course, exercise: Exercise, private: Iterable[Path] = ()) -> str:
    """Digest of all that a mark depends on beside the submission and the seed.

    ``private`` are graders that an instructor adds. A grader may be a file or a folder.
    """
    digest = hashlib.sha256(engine_digest().encode())
    digest.update(repr(exercise).encode())
    beside = [course.file(name) for name in exercise.files]
    graders = course.grader_files(exercise)
    for path in (*graders, course.solution(exercise), *beside, *sorted(private)):
        digest.update(path.read_bytes() if path.is_file() else b"\0")
    return digest.hexdigest()
