"""What lies beside an answer and belongs to it: modules that it imports, files that it opens.

Only what the answer names comes along, looked for as Python would look if the student ran the file:
in its own folder first. The folders above it, up to that of the whole submission, count too, since
editors run a file from there. An answer that names nothing has no files, whatever lies around it.
"""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import PurePosixPath

from autograder import extras
from autograder.ingest.contents.carried import NOTHING, Beside, Carried, shadows
from autograder.ingest.contents.files import is_notebook
from autograder.ingest.contents.mentions import Mentions, mentions
from autograder.ingest.contents.shelf import FILE, FOLDER, Shelf
from autograder.text.regular import shown

__all__ = ["NOTHING", "Beside", "beside"]

_ABOVE = 4  # folders above the answer's own that are looked through
_MOST_BASES = 30  # folders that names are looked for in
_ROOT = re.compile(r"[:{}%*]")  # in the first part of a path: more than the name of a folder
_COPY = re.compile(r"(?i)(?:[ _]?\(\d{1,3}\)|-\d{1,2}|[ -]+copy ?\d{0,2})$")
_UNTAKEN = ("lost", "lost+found", "node_modules", "venv", "env")


def beside(
    source: bytes,
    place: PurePosixPath,
    shelf: Shelf,
    exercise: str,
    needs: Collection[str] = (),
    own: Mapping[str, bytes] | None = None,
) -> Beside:
    """The files that belong to an answer whose text is ``source`` and which lies at ``place``.

    ``needs`` are packages that must stay what they are, ``own`` files that the course brings
    itself.
    """
    carried = Carried(place, shelf, exercise, frozenset(needs), own or {})
    _Search(carried).run(source.decode("utf-8", "replace"))
    return carried.result()


@dataclass(slots=True)
class _Search:
    """Looks for what a text names, and for what the modules found so name in turn."""

    carried: Carried
    _alike: dict[PurePosixPath, dict[str, list[str]]] = field(default_factory=dict)

    def run(self, text: str) -> None:
        """Follow imports until no text is unread, then names, which may bring further texts."""
        texts = self.carried.texts
        texts.append(text)
        everything = Mentions()
        while texts:
            while texts:
                named = mentions(texts.pop(0))
                everything.names.update(named.names)
                everything.endings.update(named.endings)
                for module, needed in named.modules.items():
                    self._module(module, needed)
            self._data(everything)

    @property
    def _place(self) -> PurePosixPath:
        return self.carried.place

    def _entries(self, folder: PurePosixPath) -> Mapping[str, str]:
        return self.carried.shelf.entries(folder)

    @property
    def _folders(self) -> tuple[PurePosixPath, ...]:
        parent = self._place.parent
        return (parent, *parent.parents)[: _ABOVE + 1]

    # -- modules -----------------------------------------------------------------------------

    def _module(self, dotted: str, needed: bool) -> None:
        name = dotted.partition(".")[0]
        if not name.isidentifier() or name == self.carried.exercise:
            return None
        if self.carried.is_own(f"{name}.py") or self.carried.is_own(name):
            return None
        spaces: list[tuple[PurePosixPath, str]] = []
        for folder in self._folders:
            entries = self._entries(folder)
            package = entries.get(name) == FOLDER
            if package and "__init__.py" in self._entries(folder / name):
                return self._package(folder, name)
            script = f"{name}.py"
            if script not in entries:
                script = self._like(folder, script)
            if script:
                return self.carried.take(
                    folder / script, f"{name}.py", renamed=script != f"{name}.py"
                )
            compiled = [e for e in entries if e.partition(".")[0] == name and extras.is_compiled(e)]
            if compiled:
                self.carried.leave(
                    folder / compiled[0], "is compiled, and only source is graded with an answer"
                )
                return None
            if package:
                spaces.append((folder, name))
        if self.carried.stays(name) or _is_installed(name):
            return None
        if spaces:
            return self._package(*spaces[0])
        if needed:
            self.carried.miss(name)
        return None

    def _package(self, folder: PurePosixPath, name: str) -> None:
        """A package that is imported: all of it, since what it loads is known only to itself."""
        if self.carried.stays(name):
            return self.carried.leave(folder / name, shadows(name))
        for path in self._below(folder / name):
            self.carried.take(path, str(path.relative_to(folder)), loose=path.suffix != ".py")
        return None

    def _below(self, folder: PurePosixPath) -> Iterator[PurePosixPath]:
        pending = [folder]
        while pending:
            here = pending.pop(0)
            for name, kind in sorted(self._entries(here).items()):
                if kind == FOLDER:
                    deep = len(here.parts) - len(folder.parts) >= 4
                    if not deep and not name.startswith(".") and name not in _UNTAKEN:
                        pending.append(here / name)
                elif not _is_litter(name):
                    yield here / name

    def _like(self, folder: PurePosixPath, name: str) -> str:
        """The one file whose name a browser or an LMS may have made from ``name``, or nothing."""
        if folder not in self._alike:
            alike = self._alike[folder] = {}
            for entry, kind in self._entries(folder).items():
                path = PurePosixPath(entry)
                stem = _COPY.sub("", path.stem)
                if kind == FILE and path.suffix and stem != path.stem:
                    alike.setdefault(stem + path.suffix, []).append(entry)
        found = self._alike[folder].get(name, [])
        return found[0] if len(found) == 1 else ""

    # -- files that are named ----------------------------------------------------------------

    def _data(self, named: Mentions) -> None:
        bases = [(folder, PurePosixPath()) for folder in self._folders]
        for folder, inner in bases:  # grows while it is gone through
            for name in named.names:
                for path in _tails(name):
                    there = folder / inner / path
                    kind = self._entries(there.parent).get(there.name)
                    like = there.name if kind else self._like(there.parent, there.name)
                    if kind == FOLDER:
                        base = (folder, inner / path)
                        if base not in bases and len(bases) < _MOST_BASES and _is_open(base[1]):
                            bases.append(base)
                    elif like:
                        renamed = like != there.name
                        self.carried.take(there.with_name(like), str(inner / path), renamed=renamed)
                        break
        for folder, inner in bases:
            for name, kind in sorted(self._entries(folder / inner).items()):
                named_so = inner.parts or name.endswith(tuple(named.endings))
                if kind == FILE and named_so and not _is_litter(name):
                    self.carried.take(folder / inner / name, str(inner / name), loose=True)
        self._outside(named)

    def _outside(self, named: Mentions) -> None:
        """Say of what lies above the answer's folder, and is named so, that it stays behind."""
        for name in named.names:
            parts = PurePosixPath(name).parts
            steps = sum(1 for _ in _leading(parts))
            if steps and steps <= len(self._place.parent.parts):
                path = PurePosixPath(*self._place.parent.parts[:-steps], *parts[steps:])
                if self._entries(path.parent).get(path.name) == FILE:
                    words = f"is above {shown(self._place.name)}: move it beside that file"
                    self.carried.leave(path, words)


def _tails(name: str) -> Iterator[PurePosixPath]:
    """``data/a.csv`` as it is; of ``C:/me/data/a.csv`` and ``{}/a.csv`` what may be relative."""
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if not parts or ".." in parts or len(parts) > 8:
        return
    relative = not name.startswith("/") and not _ROOT.search(parts[0])
    for start in range(1 if relative else len(parts)):
        yield PurePosixPath(*parts[start:])


def _leading(parts: tuple[str, ...]) -> Iterator[str]:
    for part in parts:
        if part != "..":
            return
        yield part


def _is_open(folder: PurePosixPath) -> bool:
    """Whether a folder that is named is looked into."""
    return not any(part.startswith(".") or part in _UNTAKEN for part in folder.parts)


def _is_litter(name: str) -> bool:
    """Whether a file that nobody asked for by name is not the student's work."""
    return (
        name.startswith((".", "~"))
        or name in ("Thumbs.db", "desktop.ini")
        or (is_notebook(name) or extras.is_compiled(name))
    )


@cache
def _is_installed(name: str) -> bool:
    """Whether Python finds such a module here. Nothing is imported."""
    if name in sys.modules:
        return True
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError, AttributeError):
        return False
