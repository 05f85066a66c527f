"""A wheel of the engine, or of a part of it, made of the files of this installation.

Nothing but `zipfile` is needed: a wheel is a zip with three files of metadata (PEP 427), and what
builds wheels otherwise needs a source tree, which an installation is not.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.metadata
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from autograder import __version__
from autograder.errors import KataError

TIME = (1980, 1, 1, 0, 0, 0)  # the same bytes in every build


class WheelError(KataError):
    """The wheel cannot be made; the message says why."""


@dataclass(frozen=True, slots=True)
class Wheel:
    """What a wheel is called, and what is in it.

    ``commands`` are programs by name, with the function that each runs; ``extras`` those of
    ``kata-autograder`` that it keeps. ``holds`` says of a file, by its path within the package,
    whether the wheel has it. ``otherwise`` ends the message where the wheel cannot be made.
    """

    name: str
    summary: str
    commands: Mapping[str, str]
    extras: tuple[str, ...]
    holds: Callable[[Path], bool]
    otherwise: str = field(default="pip install it.")

    @property
    def file_name(self) -> str:
        """The name of the wheel's file."""
        return f"{self._stem}-py3-none-any.whl"

    @property
    def _stem(self) -> str:
        return f"{self.name.replace('-', '_')}-{__version__}"

    def data(self) -> bytes:
        """The wheel. Raises :class:`WheelError` where this installation does not know what the
        engine needs."""
        info = f"{self._stem}.dist-info"
        files = dict(self._package())
        files[f"{info}/METADATA"] = self._metadata().encode()
        files[f"{info}/WHEEL"] = (
            f"Wheel-Version: 1.0\nGenerator: kata {__version__}\n"
            "Root-Is-Purelib: true\nTag: py3-none-any\n"
        ).encode()
        programs = "".join(f"{name} = {place}\n" for name, place in self.commands.items())
        files[f"{info}/entry_points.txt"] = f"[console_scripts]\n{programs}".encode()
        rows = [f"{name},sha256={_digest(data)},{len(data)}" for name, data in files.items()]
        files[f"{info}/RECORD"] = ("\n".join([*rows, f"{info}/RECORD,,"]) + "\n").encode()
        return zipped(files)

    def _package(self) -> Iterator[tuple[str, bytes]]:
        root = Path(__file__).resolve().parents[1]
        for path in sorted(root.rglob("*")):
            within = path.relative_to(root)
            if not path.is_file() or "__pycache__" in within.parts or within.suffix == ".pyc":
                continue
            if self.holds(within):
                yield f"autograder/{within.as_posix()}", path.read_bytes()

    def _metadata(self) -> str:
        try:
            required = importlib.metadata.requires("kata-autograder") or []
        except importlib.metadata.PackageNotFoundError:
            raise WheelError(
                "kata-autograder is not installed here, so nobody knows what its wheel needs; "
                f"{self.otherwise}"
            ) from None
        lines = [
            "Metadata-Version: 2.1",
            f"Name: {self.name}",
            f"Version: {__version__}",
            f"Summary: {self.summary}",
            "License: MIT",
            "Requires-Python: >=3.11",
            *(f"Provides-Extra: {extra}" for extra in self.extras),
        ]
        for each in required:
            extra = re.search(r"""extra\s*==\s*['"]([\w-]+)['"]""", each)
            if extra is None or extra[1] in self.extras:
                lines.append(f"Requires-Dist: {each}")
        return "\n".join(lines) + "\n"


def zipped(files: Mapping[str, bytes], programs: frozenset[str] = frozenset()) -> bytes:
    """A zip of ``files``, the same bytes for the same files; ``programs`` may be run."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, TIME)
            entry.external_attr = (0o100755 if name in programs else 0o100644) << 16
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
