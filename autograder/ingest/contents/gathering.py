"""Everything met in one submission: what may hold an answer is read, all of it is named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath

from autograder.ingest.contents import archives, litter
from autograder.ingest.contents.account import GRADED, Account, Row
from autograder.ingest.contents.archive_members import Member
from autograder.ingest.contents.archives import Budget, is_archive
from autograder.ingest.contents.files import (
    FILES_CAP,
    NOTEBOOKS_CAP,
    TEXT_CAP,
    SourceFile,
    cap,
    content,
    head,
    source_file,
)
from autograder.ingest.contents.naming import (
    NOBODY,
    Claim,
    is_notebook,
    is_python,
    is_test,
    names_of,
)
from autograder.ingest.contents.surveying import Inside, survey
from autograder.ingest.contents.walking import DEPTH_CAP, TOO_DEEP, walk
from autograder.outline import Course, Exercise
from autograder.text.regular import Unreadable

NESTED_CAP = 64 << 20
"""Most bytes of an archive that lies in an archive."""

_PEEKED = 60  # scripts of no exercise's name that are looked into, for a notebook's cells
_ROOT = PurePosixPath()

Wanted = tuple[Claim, str]
"""What a file's name stands for: an exercise, or the chapter whose notebook it is."""


@dataclass(frozen=True, slots=True)
class Blind:
    """A place that was not looked into, and why: an answer may lie there for all we know."""

    path: PurePosixPath
    words: str
    fault: bool = False
    archive: bool = False


@dataclass(frozen=True, slots=True)
class Met:
    """A file that is no litter. ``read(cap)`` gives its bytes, or what is wrong with it."""

    path: PurePosixPath
    row: Row
    read: Callable[[int], tuple[bytes, str]]


class Gathering:
    """The files of one submission, from all of its places."""

    def __init__(self, course: Course, exercises: Iterable[Exercise]) -> None:
        self.names = names_of(course)
        self.account = Account()
        self.files: list[SourceFile] = []
        self.met: list[Met] = []
        self.blind: list[Blind] = []
        self.refusal = ""
        """Why the submission as a whole is not taken: it is too much."""
        self._asked = {e.id for e in exercises}
        self._budget = Budget()
        self._opened: list[tuple[Row, list[Row]]] = []
        self._others: list[PurePosixPath] | None = None
        self._text = self._notebooks = self._peeked = 0

    def add(self, places: Iterable[tuple[Path, PurePosixPath]]) -> None:
        """Walk folders, open archives and read files, each where it counts as lying.

        Raises :class:`Unreadable` where this machine lets us read none of them.
        """
        places = list(places)
        sieve = litter.Sieve((str(inner) for _, inner in places), self.names.holds_work)
        dropped: Counter[tuple[str, str]] = Counter()
        unreadable: list[tuple[PurePosixPath, Unreadable]] = []
        for real, inner in places:
            above = sieve.folder(str(inner))
            if above[1]:
                dropped[above] += 1
                continue
            try:
                self._place(real, inner)
            except Unreadable as error:
                unreadable.append((inner, error))
        if unreadable and len(unreadable) == len(places):
            raise unreadable[0][1]
        for inner, trouble in unreadable:
            self._not_looked_into(inner, f"cannot be read ({trouble})", fault=True)
        self._litter(dropped, _ROOT)
        made = {m.path.parent for m in self.met if m.path.name == litter.ENVIRONMENT_MARK}
        for file in self.files if made else ():
            file.in_environment = not made.isdisjoint(file.path.parents)

    def others(self) -> list[PurePosixPath]:
        """The files of no exercise's name, those that may be meant as an answer first."""

        def rank(path: PurePosixPath) -> tuple[bool, str]:
            name = path.name
            meant = is_python(name) or is_notebook(name) or is_archive(name)
            return not meant, str(path)

        if self._others is None:
            loose = [m.path for m in self.met if not self.names.exercise(m.path.name).id]
            self._others = sorted(loose, key=rank)
        return self._others

    def settle(self) -> None:
        """When the answers are chosen: an archive is graded where a member of it is."""
        for row, inside in self._opened:
            if any(r.state == GRADED for r in inside):
                row.state = GRADED

    # -- places -------------------------------------------------------------------------------

    def _place(self, real: Path, inner: PurePosixPath) -> None:
        if real.is_dir() and not real.is_symlink():
            self._folder(real, inner)
        elif inner == _ROOT and (is_python(real.name) or is_notebook(real.name)):
            self._file(real, PurePosixPath(real.name), _ROOT, "")
        elif inner == _ROOT:
            self._archive(real, inner, real.name, 0)
        elif reason := litter.file(inner.name):
            self.account.add(inner, reason)
        else:
            self._file(real, inner, _ROOT, "")

    def _folder(self, root: Path, inner: PurePosixPath) -> None:
        for entry in walk(root, self.names.holds_work):
            path = inner / entry.path
            if entry.blind:
                self._not_looked_into(path, entry.reason, fault=entry.fault)
            elif entry.reason:
                self.account.add(path, entry.reason)
            else:
                self._file(entry.place, path, inner, entry.odd)

    def _file(self, real: Path, path: PurePosixPath, base: PurePosixPath, odd: str) -> None:
        name = path.name
        if not odd and (is_archive(name) or ("." not in name and archives.kind(head(real)))):
            self._archive(real, path, name, 1)
            return
        wanted, reason = self._wanted(name)
        file = None
        if wanted is not None:
            data, problem, fault = content(real, cap(name))
            file = source_file(path, data, problem, fault=fault, claim=wanted[0], chapter=wanted[1])
        self._keep(path, file, odd or reason, base, partial(_read, real))

    # -- archives -----------------------------------------------------------------------------

    def _archive(self, source: Path | bytes, prefix: PurePosixPath, name: str, level: int) -> None:
        """Read an archive whose members count as lying in ``prefix``."""
        row = self.account.add(prefix, "opened") if prefix != _ROOT else None
        first = len(self.account.rows)
        found = survey(
            source, name, lambda m: self._member(m, prefix / m.name, level), self.names.holds_work
        )
        if found.unreadable is not None and row is None:
            raise found.unreadable
        base = prefix / found.wrapper
        for one in found.inside:
            if not one.named:
                path = prefix / one.name
                self._keep(path, one.file, one.reason, base, _again(source, name, one.name))
        self._litter(found.litter, prefix)
        if found.unreadable is not None:
            words = f"cannot be read ({found.unreadable})"
            self._not_looked_into(prefix, words, fault=True, row=row)
        elif found.problem:
            self._not_opened(prefix, found.problem, row)
        elif row is not None:
            self._opened.append((row, self.account.rows[first:]))

    def _member(self, member: Member, path: PurePosixPath, level: int) -> Inside:
        if len(path.parts) > DEPTH_CAP:
            self._not_looked_into(path, TOO_DEEP)
            return Inside(member.name, "", named=True)
        if is_archive(path.name) and not member.problem:
            self._nested(member, path, level)
            return Inside(member.name, "", named=True)
        wanted, reason = self._wanted(path.name)
        if wanted is None:
            return Inside(member.name, member.problem or reason)
        data, problem = archives.content(member, cap(path.name), self._budget)
        file = source_file(path, data, problem, claim=wanted[0], chapter=wanted[1])
        return Inside(member.name, reason, file)

    def _nested(self, member: Member, path: PurePosixPath, level: int) -> None:
        if level:
            self._not_opened(path, "it is inside another archive: hand in a single .zip")
            return
        data, problem = archives.content(member, NESTED_CAP, self._budget)
        if problem:
            self._not_opened(path, f"it {problem}")
        else:
            self._archive(data, path, path.name, level + 1)

    # -- what becomes of each -----------------------------------------------------------------

    def _wanted(self, name: str) -> tuple[Wanted | None, str]:
        """Whether a file of this name is to be read, and what is said of it until it is taken."""
        if self.refusal:
            return None, f"not read: {self.refusal}"
        if is_notebook(name):
            return (NOBODY, ""), "no answer in it was taken"
        claim = self.names.exercise(name)
        if claim.id:
            if claim.id in self._asked:
                return (claim, ""), f"another answer to {claim.id} was taken"
            return None, f"answers {claim.id}, which was not asked for"
        script = is_python(name) and not is_test(name)
        chapter = self.names.chapter(name) if script else ""
        if chapter:
            return (NOBODY, chapter), "no answer in it was taken"
        if script and self._peeked < _PEEKED:
            self._peeked += 1
            return (NOBODY, ""), "its name matches no exercise"
        return None, "its name matches no exercise"

    def _keep(
        self,
        path: PurePosixPath,
        file: SourceFile | None,
        reason: str,
        base: PurePosixPath,
        read: Callable[[int], tuple[bytes, str]],
    ) -> None:
        row = self.account.add(path, reason)
        self.met.append(Met(path, row, read))
        if file is None or self.refusal or not (file.claim.id or file.is_notebook):
            return
        file.row, file.base = row, base
        self._notebooks += file.is_notebook
        self._text += sum(len(cell.source) for cell in file.cells or ()) + len(file.data)
        self.files.append(file)
        if self._notebooks > NOTEBOOKS_CAP:
            self.refusal = f"it holds more than {NOTEBOOKS_CAP} notebooks"
        elif self._text > TEXT_CAP:
            self.refusal = f"it holds more than {TEXT_CAP >> 20} MiB of text"
        elif len(self.files) > FILES_CAP:
            self.refusal = f"it holds more than {FILES_CAP} files named like exercises"

    def _not_looked_into(
        self, path: PurePosixPath, words: str, *, fault: bool = False, row: Row | None = None
    ) -> None:
        self.blind.append(Blind(path, words, fault))
        if row is None and path != _ROOT:
            row = self.account.add(path)
        if row is not None:
            row.refused("", words)

    def _not_opened(self, path: PurePosixPath, words: str, row: Row | None = None) -> None:
        self._not_looked_into(path, words, row=row)
        self.blind[-1] = Blind(path, words, archive=True)

    def _litter(self, dropped: Counter[tuple[str, str]], prefix: PurePosixPath) -> None:
        for (folder, words), count in dropped.items():
            files = "1 file" if count == 1 else f"{count} files"
            self.account.add(prefix / folder, f"{words}, {files}")


def _read(real: Path, most: int) -> tuple[bytes, str]:
    return content(real, most)[:2]


def _again(source: Path | bytes, name: str, member: str) -> Callable[[int], tuple[bytes, str]]:
    if isinstance(source, bytes):  # it is not kept
        return lambda _: (b"", "is in an archive within an archive")
    return partial(archives.again, source, name, member)
