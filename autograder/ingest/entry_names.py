"""What names say before anything is read: litter, archives, answers, and whose a file is."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from autograder.ingest.contents import archives, naming
from autograder.ingest.contents import litter as litter_
from autograder.ingest.contents.naming import is_notebook, stem
from autograder.outline import Course
from autograder.text import regular

NO_LOOK = frozenset(
    (
        "__pycache__",
        "__MACOSX",
        ".git",
        ".kata",
        ".ipynb_checkpoints",
        ".venv",
        "venv",
        "site-packages",
        "node_modules",
    )
)
"""Folders that are not looked into for names: nobody's answer lies there."""

_OPENED = re.compile(r"(?i)\.(zip|tar|tar\.gz|tgz|tar\.bz2|tbz2?|tar\.xz|txz)(\.(txt|zip|html?))?$")
_CODE = re.compile(r"(?i)\.(pyw?|py3|ipynb)(\.(py|txt|text|json|ipynb))*$")
_REUPLOAD = re.compile(r"-(\d{1,3})$")
_COPIES = re.compile(r"(?i)\s*\((\d{1,3})\)$|[-_ ]+copy[ -]?(\d{0,3})$")
_OF_FORMS = re.compile(r"\s+[-\u2013]\s+(?P<student>.+)$")


def name_of(raw: str) -> str:
    """A name as text, NFC, whatever bytes the file system held: no other change."""
    return unicodedata.normalize("NFC", regular.text(raw)) or "?"


def litter(name: str, *, folder: bool = False) -> str:
    """Why an entry of this name is nobody's: what systems and editors leave. Empty elsewhere."""
    return litter_.folder(name) if folder else litter_.file(name)


def is_archive(name: str) -> bool:
    """Whether a file of this name is taken for an archive, be it one that is not opened."""
    return archives.is_archive(name)


def is_unopened(name: str) -> bool:
    """Whether it is named like an archive of a kind that is not opened."""
    return is_archive(name) and not _OPENED.search(name)


def is_code(name: str) -> bool:
    """Whether a file of this name may hold a student's code."""
    return _CODE.search(name) is not None


def without_archive_ending(name: str) -> str:
    """``ann.tar.gz`` -> ``ann``."""
    ending = archives.NAMED.search(name)
    return name[: ending.start()] or name if ending else name


def without_ending(name: str) -> str:
    """``gus (1).ipynb`` -> ``gus``."""
    return _without_copy(naming.bare(name))[0]


@dataclass(frozen=True, slots=True)
class Loose:
    """A file whose name says whose it is and what it answers.

    ``copy`` is the number that a browser or an LMS gave it, 0 where it gave none.
    """

    student: str
    inner: str
    copy: int


class CourseNames:
    """The names that a course knows."""

    def __init__(self, course: Course) -> None:
        self.course = course
        self.exercises = tuple(e.id for e in course.exercises)
        self.chapters = tuple(c.id for c in course.chapters)
        self._names = naming.names_of(course)
        # A longer name first: `running_mean` is not a file of `mean`.
        known = sorted({*self.exercises, *self.chapters}, key=len, reverse=True)
        self._tails = [(id, _tail(id)) for id in known]
        number = r"(?: ?\(\d{1,3}\))?"
        self._heads = [(id, re.compile(rf"(?i){_spelled(id)}{number}(?=\s)")) for id in known]

    def answers(self, name: str) -> str:
        """The exercise or chapter that a file is named for, however spelt; empty for none."""
        if not is_code(name):
            return ""
        claim = self._names.exercise(name)
        if claim.id and claim.how < naming.WITHIN:
            return claim.id
        return self._names.chapter(name) if is_notebook(name) else ""

    def is_chapter(self, name: str) -> bool:
        """Whether a folder is called like a chapter."""
        return naming.key(name) in {naming.key(chapter) for chapter in self.chapters}

    def fits(self, name: str) -> str:
        """As :meth:`answers`, and also for ``ann_<id>.py`` and the like."""
        known = self.answers(name)
        if known or not is_code(name):
            return known
        loose = self.loose(name)
        return loose.inner.rpartition(".")[0] if loose else ""

    def loose(self, name: str) -> Loose | None:
        """Whose ``ann_<id>.py``, ``ann_<chapter>.ipynb`` or ``<id> - Ann.py`` it is."""
        if not is_code(name):
            return None
        ending = ".ipynb" if is_notebook(name) else ".py"
        plain, copied = stem(name), _copied(name)
        for id, tail in self._tails:
            place = tail.search(plain)
            if place and (ending == ".ipynb" or id in self.exercises):
                student = plain[: place.start()].rstrip("_-. ")
                if student:
                    return Loose(student, id + ending, copied)
        for id, head in self._heads:
            place = head.match(plain)
            owner = _OF_FORMS.match(plain[place.end() :]) if place else None
            if owner and (ending == ".ipynb" or id in self.exercises):
                return Loose(owner["student"].strip(), id + ending, copied)
        return None

    def plain(self, name: str) -> str:
        """A file's name as the course spells it; unchanged where the course does not know it."""
        known = self.answers(name)
        return known + (".ipynb" if is_notebook(name) else ".py") if known else name


def without_copy(name: str) -> str:
    """``kata-1.zip`` and ``notes (2).txt`` without what a re-upload or a browser has added."""
    ending = archives.NAMED.search(name) or _CODE.search(name)
    at = ending.start() if ending else name.rfind(".") if "." in name[1:] else len(name)
    return _without_copy(name[:at])[0] + name[at:]


def _spelled(id: str) -> str:
    return "[_ -]?".join(map(re.escape, re.split(r"[_-]", id)))


def _tail(id: str) -> re.Pattern[str]:
    return re.compile(rf"(?i)[_\-. ]+{_spelled(id)}$")


def _without_copy(plain: str) -> tuple[str, int]:
    """A stem without what marks a re-upload or a copy, and the number of it."""
    for pattern in (_REUPLOAD, _COPIES):
        match = pattern.search(plain)
        if match and match.start():
            digits = next((g for g in match.groups() if g), "1")
            return plain[: match.start()].rstrip(), int(digits)
    return plain, 0


def _copied(name: str) -> int:
    """The number of a copy whose mark :func:`stem` has taken off."""
    base = re.sub(r"(?i)(\.(py|pyw|ipynb|txt|json))+$", "", name)
    return _without_copy(base)[1]
