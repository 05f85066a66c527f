"""One submission as a reader takes it: laid down from texts, taken, and looked at."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from autograder.ingest.contents import taking
from autograder.ingest.contents.answer import Answer
from autograder.ingest.contents.taking import Taken
from autograder.outline import Course

GOOD = b"def double(x):\n    return x + x\n"
OTHER = b"def double(x):\n    return 2 * x\n"

Files = Mapping[str, bytes | str]


def lay(root: Path, files: Files) -> Path:
    """Write files by their paths below ``root``."""
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return root


def zipped(files: Files) -> bytes:
    """A zip of these members, in their order."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


def tarred(files: Files, mode: str = "w:gz") -> bytes:
    """A tar of these members, in their order."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in files.items():
            raw = data if isinstance(data, bytes) else data.encode()
            info = tarfile.TarInfo(name)
            info.size = len(raw)
            archive.addfile(info, io.BytesIO(raw))
    return made.getvalue()


def take(root: Path, course: Course, ids: tuple[str, ...] = ()) -> Taken:
    """Take a folder or an archive that is a submission."""
    exercises = tuple(e for e in course.exercises if not ids or e.id in ids)
    return taking.take([(root, PurePosixPath())], course, exercises)


def answer(root: Path, course: Course, id: str = "double") -> Answer:
    return take(root, course).answers[id]


def rows(taken: Taken) -> dict[str, tuple[str, str, str]]:
    """Exercise, state and reason by path; a path that is there twice fails."""
    packed = taken.account.packed()
    found = {path: (exercise, state, reason) for path, exercise, state, reason in packed}
    assert len(found) == len(packed), packed
    return found
