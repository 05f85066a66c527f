"""What a run has readers open for it while a download is recognised, in a private folder."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.ingest import entry_names
from autograder.ingest.readers import ReadingLimits, Request, shared
from autograder.ingest.tree import Member, Node, of_members

_UNPACKING = ReadingLimits(cpu=600, wall=600.0, written=1 << 30)


@dataclass(slots=True)
class Bulk:
    """Archives that hold a class, listed or unpacked by readers. :func:`opened` makes one."""

    scratch: Path
    forced: bool = False
    """Whether a layout was asked for."""

    trouble: str = ""
    """Why an archive that holds a class could not be unpacked."""

    _trees: dict[tuple[str, bool], Node | None] = field(default_factory=dict)

    def read(self, task: str, path: str) -> Any:
        """The value of a reader's task on a file; None where it cannot be had."""
        reply = _ask(Request(task, (path,)))
        return None if reply.trouble else reply.value

    def opened(self, archive: Node, *, unpack: bool, needed: bool = True) -> Node | None:
        """The tree of an archive; None where it cannot be opened.

        Where it is ``needed``, :attr:`trouble` says why it could not be unpacked.
        """
        known = (archive.path, unpack)
        if known not in self._trees:
            self._trees[known] = self._tree(archive, unpack, needed)
        return self._trees[known]

    def _tree(self, archive: Node, unpack: bool, needed: bool) -> Node | None:
        folder = ""
        request = Request("listing", (archive.path,), ReadingLimits(cpu=60))
        if unpack:
            folder = tempfile.mkdtemp(dir=self.scratch)
            request = Request("unpack", (archive.path, folder), _UNPACKING)
        reply = _ask(request)
        if reply.trouble:
            if unpack and needed:
                self.trouble = (
                    f"{entry_names.name_of(archive.name)} was not unpacked: {reply.trouble}"
                )
            return None
        members = [
            Member(name, f"{folder}/{file}" if file else "", size, time, problem, is_folder)
            for name, file, size, time, problem, is_folder in reply.value
        ]
        stem = entry_names.without_archive_ending(archive.name)
        return of_members(stem, members, archive.where)


def _ask(request: Request) -> Any:
    (reply,) = shared().ask_all([request])
    return reply


@contextlib.contextmanager
def opened() -> Iterator[Bulk]:
    """A helper with a folder that only this user can look into, gone at the end."""
    scratch = tempfile.mkdtemp(prefix="kata-class-")
    try:
        yield Bulk(Path(scratch))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
