"""``kata-student``: the wheel that a class gets, without solutions, hidden checks and bugs.

It has the engine that `kata` needs and no course: the bundle beside it is the course. It is put
together from the files of this installation, so that it fits the bundle that it comes with. Nothing
but `zipfile` is needed: a wheel is a zip with three files of metadata (PEP 427), and what builds
wheels otherwise needs a source tree, which an installation is not.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.metadata
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from autograder import __version__
from autograder.errors import KataError

NAME = "kata-student"
FOLDER = "wheels"
_LEFT_OUT = ("graders", "_course", "gradebook", "commands", "cli.py")
_OF_AUTHORING = ("__init__.py", "pictures.py")
"""What lessons import when they are run."""
_EXTRAS = ("course", "notebook")
_TIME = (1980, 1, 1, 0, 0, 0)  # the same bytes in every build


class WheelError(KataError):
    """The wheel cannot be made; the message says why."""


def file_name() -> str:
    """The name of the wheel's file."""
    return f"{_underscored()}-{__version__}-py3-none-any.whl"


def _underscored() -> str:
    return NAME.replace("-", "_")


def write(folder: Path) -> Path:
    """Write the wheel into ``folder``, which is made if need be; returns its path. Raises
    :class:`WheelError` where this installation does not know what the engine needs."""
    info = f"{_underscored()}-{__version__}.dist-info"
    files = dict(_package())
    files[f"{info}/METADATA"] = _metadata().encode()
    files[f"{info}/WHEEL"] = (
        f"Wheel-Version: 1.0\nGenerator: kata {__version__}\n"
        "Root-Is-Purelib: true\nTag: py3-none-any\n"
    ).encode()
    files[f"{info}/entry_points.txt"] = b"[console_scripts]\nkata = autograder.kata.cli:main\n"
    rows = [f"{name},sha256={_digest(data)},{len(data)}" for name, data in files.items()]
    files[f"{info}/RECORD"] = ("\n".join([*rows, f"{info}/RECORD,,"]) + "\n").encode()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / file_name()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, _TIME), data, zipfile.ZIP_DEFLATED)
    return path


def _package() -> Iterator[tuple[str, bytes]]:
    root = Path(__file__).resolve().parents[1]
    for path in sorted(root.rglob("*")):
        within = path.relative_to(root)
        if not path.is_file() or "__pycache__" in within.parts or within.suffix == ".pyc":
            continue
        if within.parts[0] in _LEFT_OUT:
            continue
        if within.parts[0] == "authoring" and within.name not in _OF_AUTHORING:
            continue
        if within.parts[0] == "authoring" and len(within.parts) > 2:
            continue
        yield f"autograder/{within.as_posix()}", path.read_bytes()


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")


def _metadata() -> str:
    try:
        required = importlib.metadata.requires("kata-autograder") or []
    except importlib.metadata.PackageNotFoundError:
        raise WheelError(
            "kata-autograder is not installed here, so nobody knows what its wheel for students "
            "needs; pip install it, or pass --no-wheel."
        ) from None
    lines = [
        "Metadata-Version: 2.1",
        f"Name: {NAME}",
        f"Version: {__version__}",
        "Summary: Kata for the students of a class: checks, hints and lessons, no solutions",
        "License: MIT",
        "Requires-Python: >=3.11",
        *(f"Provides-Extra: {extra}" for extra in _EXTRAS),
    ]
    for each in required:
        extra = re.search(r"""extra\s*==\s*['"]([\w-]+)['"]""", each)
        if extra is None or extra[1] in _EXTRAS:
            lines.append(f"Requires-Dist: {each}")
    return "\n".join(lines) + "\n"
