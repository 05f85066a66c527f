"""The files that come along with one answer, under their caps, and words for those that do not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from autograder import extras
from autograder.ingest.contents.files import is_notebook
from autograder.ingest.contents.shelf import Shelf
from autograder.text.regular import shown

_MOST_NOTES = 6
_LIMIT = f"the {extras.MOST} files and {extras.TOGETHER_CAP >> 20} MiB that an answer can bring"


@dataclass(frozen=True, slots=True)
class Beside:
    """``files`` go with the answer, ``places`` say where they lie, ``notes`` what does not."""

    files: extras.Files = ()
    places: tuple[PurePosixPath, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def note(self) -> str:
        """The notes as one text, for the student."""
        return " ".join(self.notes)


NOTHING = Beside()


@dataclass(slots=True)
class Carried:
    """What was taken along so far. ``texts`` are the modules among it that nobody has read yet."""

    place: PurePosixPath
    shelf: Shelf
    exercise: str
    needs: frozenset[str]
    own: Mapping[str, bytes]
    texts: list[str] = field(default_factory=list)
    _files: dict[str, tuple[PurePosixPath, bytes]] = field(default_factory=dict)
    _notes: dict[str, None] = field(default_factory=dict)
    _missing: dict[str, None] = field(default_factory=dict)
    _refused: set[str] = field(default_factory=set)
    _over: int = 0
    _room: int = extras.TOGETHER_CAP

    def take(
        self, path: PurePosixPath, name: str, *, loose: bool = False, renamed: bool = False
    ) -> None:
        """Take a file along as ``name``, or say why not.

        ``loose`` says that it was not asked for by its name: then only their number is said.
        """
        module = extras.top(name)
        if name in self._files or name in self._refused or path == self.place:
            return
        if is_notebook(name) or module == self.exercise:
            return
        problem = extras.name_problem(name)
        if name.endswith(".py") and self.stays(module):
            problem = shadows(module)
        if problem:
            if not loose:
                self.leave(path, problem)
        elif len(self._files) >= extras.MOST:
            self._beyond(path, name, loose)
        else:
            self._read(path, name, loose, renamed)

    def _read(self, path: PurePosixPath, name: str, loose: bool, renamed: bool) -> None:
        file = self.shelf.read(path)
        if file.problem:
            self.leave(path, file.problem)
        elif name in self.own:
            self._refused.add(name)
            if file.data != self.own[name]:
                note = f"{shown(path)} differs from the course's own file, which grading uses."
                self._notes[note] = None
        elif len(file.data) > extras.FILE_CAP:
            self.leave(path, f"is larger than {extras.FILE_CAP >> 10} KiB")
        elif len(file.data) > self._room:
            self._beyond(path, name, loose)
        else:
            self._files[name] = (path, file.data)
            self._room -= len(file.data)
            if renamed:
                self._notes[f"{shown(path)} was taken for {shown(name)}."] = None
            if name.endswith(".py"):
                self.texts.append(file.data.decode("utf-8", "replace"))

    def stays(self, name: str) -> bool:
        """Whether a module of this name must stay what it is."""
        return extras.is_reserved(name) or name in self.needs

    def is_own(self, name: str) -> bool:
        """Whether the course brings such a file, or a folder of that name with files in it."""
        return any(other == name or other.startswith(f"{name}/") for other in self.own)

    def _beyond(self, path: PurePosixPath, name: str, loose: bool) -> None:
        self._refused.add(name)
        if loose:
            self._over += 1
        else:
            self.leave(path, f"is beyond {_LIMIT}")

    def leave(self, path: PurePosixPath, why: str) -> None:
        """Say that a file stays behind."""
        self._notes[f"{shown(path)} {why}, so it was left out."] = None

    def miss(self, module: str) -> None:
        """Say that a module is nowhere to be found."""
        self._missing[
            f"`{shown(module)}` is imported, but is not installed here, and {shown(module)}.py was "
            f"not in the submission: it belongs beside {shown(self.place)}."
        ] = None

    def result(self) -> Beside:
        """All of it; :data:`NOTHING` where nothing came along and nothing is to be said."""
        files = tuple(sorted((name, data) for name, (_, data) in self._files.items()))
        notes = [*self._missing, *self._notes]
        if self._over:
            words = f"{self._over} more files beside {shown(self.place.name)} are beyond {_LIMIT}"
            notes.append(f"{words}, so they were left out.")
        if len(notes) > _MOST_NOTES:
            notes[_MOST_NOTES:] = [f"{len(notes) - _MOST_NOTES} more files were left out."]
        places = tuple(sorted(path for path, _ in self._files.values()))
        return Beside(files, places, tuple(notes)) if files or notes else NOTHING


def shadows(name: str) -> str:
    """Why a module of a reserved name does not come along."""
    return f"has the name of another module, and `import {name}` finds that one"
