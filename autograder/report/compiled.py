"""Templates, compiled once per installation, where Python keeps what it has compiled."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

import jinja2
from jinja2.bccache import Bucket


class CompiledTemplates(jinja2.BytecodeCache):
    """Keeps the code of templates in ``__pycache__`` of their folder, if it can be written to and
    Python keeps its own there. Compiling a page takes a tenth of what grading one answer does."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "__pycache__"

    def _path(self, bucket: Bucket) -> Path:
        return self._folder / f"{bucket.key}.{sys.implementation.cache_tag}.jinja"

    def load_bytecode(self, bucket: Bucket) -> None:
        """What is there; nothing counts that was made of another text or by another version."""
        with contextlib.suppress(OSError), self._path(bucket).open("rb") as file:
            bucket.load_bytecode(file)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it, or do without."""
        if sys.dont_write_bytecode:
            return
        path = self._path(bucket)
        new = path.with_name(f"{path.name}.{os.getpid()}")
        with contextlib.suppress(OSError):
            self._folder.mkdir(exist_ok=True)
            new.write_bytes(bucket.bytecode_to_string())
            new.replace(path)
