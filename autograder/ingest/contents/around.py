"""The files of a submission that are no answers: joined to the answers that use them.

Runs in a reader process: what is read here are a stranger's bytes.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path, PurePosixPath

from autograder import extras
from autograder.ingest.contents.answer import Answer
from autograder.ingest.contents.beside import beside
from autograder.ingest.contents.files import SourceFile, is_notebook, key
from autograder.ingest.contents.mentions import written
from autograder.ingest.contents.shelf import Names, Overlaid, Shelf
from autograder.outline import Course, Exercise

FILES_CAP = 24 << 20
"""Most bytes that come along with all answers of one submission."""

_ARCHIVES = (".zip", ".tar", ".tgz", ".gz", ".bz2", ".xz", ".7z", ".rar")
_MOST_SIBLINGS = 500

Reading = Callable[[int], tuple[bytes, str]]
"""Gives up to so many bytes of a file, and what is wrong with it."""


@dataclass(slots=True)
class Around:
    """``met`` are all files of a submission, by the path where each counts as lying."""

    met: dict[PurePosixPath, Reading]
    notebooks: Sequence[SourceFile] = ()
    _shelf: Names | None = None
    _read: dict[PurePosixPath, SourceFile] | None = None
    _left: int = FILES_CAP

    def join(self, course: Course, exercise: Exercise, answer: Answer) -> Answer:
        """The answer with what comes along with it, and a word on what does not."""
        if answer.source is None or not answer.origin:
            return answer
        place = PurePosixPath(answer.origin)
        shelf = self._around(place)
        own = dict(course.files(exercise))
        found = beside(answer.source, place, shelf, exercise.id, exercise.needs, own)
        size = sum(len(data) for _, data in found.files)
        notes = [answer.note, *found.notes]
        if size > self._left:
            most = f"{FILES_CAP >> 20} MiB for all answers of a submission"
            notes.append(f"{len(found.files)} files beside it were left out: at most {most}.")
            return replace(answer, note=" ".join(filter(None, notes)))
        self._left -= size
        return replace(
            answer, files=found.files, places=found.places, note=" ".join(filter(None, notes))
        )

    def _around(self, place: PurePosixPath) -> Shelf:
        if self._shelf is None:
            self._shelf, self._read = Names(self.met, self._content), {}
        cells = next((f.cells for f in self.notebooks if f.path == place and f.cells), ())
        over = written([cell.source for cell in cells if cell.kind == "code"])
        if not over:
            return self._shelf
        return Overlaid(self._shelf, {place.parent / name: data for name, data in over.items()})

    def _content(self, path: PurePosixPath) -> SourceFile:
        assert self._read is not None
        if path not in self._read:
            data, problem = self.met[path](extras.FILE_CAP)
            self._read[path] = SourceFile(path, data, problem)
        return self._read[path]


def siblings(path: Path, known: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """What lies beside a single file that is to be graded: real path and name of each file whose
    name has nothing of the ``known`` exercises. Names only: nothing is opened, and what may hold
    another answer or another student's is no part of it."""
    ids = frozenset(map(key, known))
    try:
        with os.scandir(path.resolve().parent) as entries:
            found = sorted(
                (entry.path, entry.name)
                for entry in islice(entries, _MOST_SIBLINGS)
                if entry.is_file(follow_symlinks=False)
            )
    except OSError:
        return ()
    return tuple(
        (place, name)
        for place, name in found
        if not is_notebook(name)
        and not name.lower().endswith(_ARCHIVES)
        and not any(id in key(name) for id in ids)
    )
