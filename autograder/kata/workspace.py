"""A student's folder: where it is, which course it belongs to, and the files in it.

A workspace is a folder with a ``.kata/workspace.json`` (``kata init`` makes it), or a class
bundle: a folder with ``outline.toml`` and ``exercises/``, which is a course folder of its own
whose graders hold the public checks only.

``.kata/pristine/exercises`` holds the stubs as they were given: those in ``exercises/`` are the
student's to change, and a newer course may bring others.
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from autograder import outline
from autograder.errors import KataError
from autograder.kata.progress import Progress
from autograder.outline import Course, Exercise, OutlineError
from autograder.stubs import is_untouched

if TYPE_CHECKING:
    from autograder.ingest.contents.carried import Beside

FOLDER = ".kata"
MARKER = "workspace.json"
PRISTINE = "pristine"
VERSION = 1
FILE_CAP = 1 << 20
"""Most bytes of an exercise file, as ``autograde grade`` has it."""


class WorkspaceError(KataError):
    """The workspace cannot be used as asked; the message says what would do."""


@dataclass(frozen=True)
class Workspace:
    """``root`` is the student's folder, ``course`` what its exercises come from.

    ``bundle`` says that it is a class bundle: only public checks, no solutions.
    """

    root: Path
    course: Course
    bundle: bool = False

    @property
    def folder(self) -> Path:
        """Where kata keeps its own files."""
        return self.root / FOLDER

    @cached_property
    def progress(self) -> Progress:
        return Progress(self.folder)

    def path(self, exercise: Exercise) -> Path:
        """The student's file of an exercise."""
        return self.root / "exercises" / exercise.chapter / f"{exercise.id}.py"

    def notebook(self, exercise: Exercise) -> Path | None:
        """The notebook of its chapter: straight in ``notebooks/``, or as nbgrader lays them out."""
        name = f"{exercise.chapter}.ipynb"
        for folder in (self.root / "notebooks", self.root / "notebooks" / exercise.chapter):
            if (folder / name).is_file():
                return folder / name
        return None

    def shown(self, path: Path) -> str:
        """A path as the student would type it from where they are."""
        try:
            return os.path.relpath(path)
        except ValueError:  # another drive
            return str(path)

    def stub(self, exercise: Exercise) -> bytes:
        """The untouched stub; :class:`WorkspaceError` where the course lacks it."""
        places = (self.pristine(exercise), self.course.stub(exercise))
        for place in places:
            # A bundle without a pristine copy has nothing but the student's own file.
            if place.is_file() and place != self.path(exercise):
                return place.read_bytes()
        raise WorkspaceError(f"the stub of {exercise.id} is missing from {places[0].parent}")

    def pristine(self, exercise: Exercise) -> Path:
        """Where the stub is kept as it was given."""
        return self.folder / PRISTINE / "exercises" / exercise.chapter / f"{exercise.id}.py"

    def is_stub(self, exercise: Exercise) -> bool:
        """Whether the file is still the stub, or is not there at all."""
        try:
            return is_untouched(self.path(exercise).read_bytes(), self.stub(exercise))
        except (OSError, WorkspaceError):
            return not self.path(exercise).exists()

    def source(self, exercise: Exercise) -> bytes:
        """The text of the student's file; :class:`WorkspaceError` in words where it is unusable."""
        path = self.path(exercise)
        shown = self.shown(path)
        try:
            with path.open("rb") as file:
                data = file.read(FILE_CAP + 1)
        except FileNotFoundError:
            raise WorkspaceError(
                f"{shown} is not there. `kata reset {exercise.id}` brings the stub back."
            ) from None
        except OSError as error:
            raise WorkspaceError(f"{shown} cannot be read: {error.strerror or error}.") from None
        if len(data) > FILE_CAP:
            raise WorkspaceError(
                f"{shown} is larger than {FILE_CAP >> 10} KiB; an exercise is a page of text."
            )
        from autograder.text.encoding import encoding_problem

        problem = encoding_problem(data)
        if problem:
            raise WorkspaceError(f"{shown} {problem}.")
        return data

    def beside(self, exercise: Exercise, source: bytes, place: Path | None = None) -> Beside:
        """What lies beside an answer, its file or a notebook at ``place``, and comes along."""
        from autograder.ingest.contents.beside import beside
        from autograder.ingest.contents.shelf import Disk

        within = PurePosixPath((place or self.path(exercise)).relative_to(self.root).as_posix())
        own = dict(self.course.files(exercise))
        return beside(source, within, Disk(self.root), exercise.id, exercise.needs, own)

    def bring(self, exercise: Exercise) -> None:
        """Put the files that an exercise brings beside its stub and its notebook, where they are
        not there yet; raises ``OSError``."""
        notebook = self.root / "notebooks" / exercise.chapter
        folders = [self.path(exercise).parent, notebook if notebook.is_dir() else notebook.parent]
        for name, data in self.course.files(exercise):
            for folder in folders:
                path = folder / name
                if not path.exists():
                    path.parent.mkdir(parents=True, exist_ok=True)
                    _write(path, data)

    def reset(self, exercise: Exercise) -> Path | None:
        """Put the stub back; returns where what it replaces is kept, None if nothing is."""
        stub, path = self.stub(exercise), self.path(exercise)
        old = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # Not `is_untouched`: notes in comments are worth keeping, too.
            if path.exists() and path.read_bytes() != stub:
                old = self.keep(path)
            _write(path, stub)
            self.bring(exercise)
        except OSError as error:
            raise WorkspaceError(
                f"{self.shown(path)} was not reset: {error.strerror or error}."
            ) from None
        return old

    def save(self, exercise: Exercise, source: bytes) -> Path | None:
        """Write a notebook's answer to the student's file; where the earlier version is kept, None
        if it was a stub."""
        path = self.path(exercise)
        kept = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            known = (source, self.stub(exercise))
            if path.exists() and path.read_bytes() not in known:
                kept = self.keep(path)
            _write(path, source)
            last = self._last_save(exercise)
            last.parent.mkdir(parents=True, exist_ok=True)
            _write(last, source)
        except OSError as error:
            raise WorkspaceError(
                f"{self.shown(path)} was not saved: {error.strerror or error}."
            ) from None
        return kept

    def is_of_notebook(self, exercise: Exercise) -> bool:
        """Whether a notebook may replace the student's file unasked: nobody has written anything
        else into it."""
        try:
            return self.is_stub(exercise) or (
                self.path(exercise).read_bytes() == self._last_save(exercise).read_bytes()
            )
        except OSError:
            return False

    def _last_save(self, exercise: Exercise) -> Path:
        return self.folder / "saved" / exercise.chapter / f"{exercise.id}.py"

    def keep(self, path: Path) -> Path:
        """Copy a file to where replaced ones are kept, and say where; raises ``OSError``."""
        folder = self.folder / "kept"
        folder.mkdir(parents=True, exist_ok=True)
        stamp = time.strftime("%Y%m%d-%H%M%S")
        for number in range(1, 10_000):
            place = folder / f"{path.stem}-{stamp}{f'-{number}' if number > 1 else ''}.py"
            try:
                with place.open("xb") as file:
                    file.write(path.read_bytes())
                return place
            except FileExistsError:
                continue
        raise OSError("too many kept files")


def _write(path: Path, data: bytes) -> None:
    """Replace a file at once, so that a full disk leaves the old one."""
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        new.write_bytes(data)
        new.replace(path)
    except OSError:
        new.unlink(missing_ok=True)
        raise


def find(start: Path | None = None) -> Workspace:
    """The workspace that ``start`` (here by default) lies in; :class:`WorkspaceError` if none."""
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        marker = folder / FOLDER / MARKER
        if marker.is_file():
            return _marked(folder, marker)
        if (folder / "outline.toml").is_file() and (folder / "exercises").is_dir():
            return Workspace(folder, _bundle(folder), bundle=True)
    raise WorkspaceError(
        f"{here} is not in a workspace. `kata init` makes one in the folder `kata`; then `cd kata`."
    )


def _marked(root: Path, marker: Path) -> Workspace:
    try:
        data = json.loads(marker.read_text(encoding="utf-8"))
        version, course = int(data["version"]), str(data.get("course", ""))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise WorkspaceError(
            f"{marker} is damaged. `kata init {root}` writes it again and touches no exercise."
        ) from None
    if version > VERSION:
        raise WorkspaceError(
            f"{marker} was written by a newer kata. Run `pip install --upgrade kata-course`."
        )
    return Workspace(root, _course(root / course if course else None))


def _bundle(root: Path) -> Course:
    """The course of a bundle, its stubs those that the student cannot have changed."""
    course = _course(root)
    pristine = root / FOLDER / PRISTINE
    return replace(course, root=pristine) if pristine.is_dir() else course


def _course(root: Path | None) -> Course:
    try:
        return outline.load(root)
    except OutlineError as error:
        raise WorkspaceError(str(error)) from None
