"""Which exercise or chapter a file's name stands for, whatever was done to the name on its way.

Browsers number a second download, systems mark copies in their user's language, learning
platforms add who handed it in. Names are compared without case, accents' encoding and separators.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from autograder.outline import Course

EXACT, SPELLED, WITHIN = 0, 1, 2
"""How a name stands for an exercise: as expected; except for its spelling, ending or a copy's mark;
as one part of a longer name, such as ``ann_count_up_final.py``."""

_ENDING = re.compile(
    r"(?i)\.(?:py|pyw|py3|ipynb)(?:\.(?:py|txt|text|json|ipynb))*[ .]*$|\.te?xt[ .]*$"
)
_NOTEBOOK = re.compile(r"(?i)\.ipynb(?:\.(?:json|txt|ipynb))?[ .]*$")
_PYTHON = re.compile(r"(?i)\.(?:py|pyw|py3)(?:\.(?:py|txt|text))*[ .]*$")

# The word for a copy, by file managers and cloud drives, in the languages of their users.
_COPY = (
    r"copy|duplicate|kopie|copie|copia|cópia|kopia|kopi|kopio|kopya(?:sı)?|kópia|kopija|másolat|"
    r"copiere|bản sao|salinan|koopia|копия|копія|копие|копија|αντίγραφο|نسخة|نسخه|עותק|"
    r"(?:的|の)?(?:副本|拷贝|複本|拷貝|コピー)|(?:의 ?)?(?:복사본|사본)|สำเนา(?:ของ)?|प्रतिलिपि"
)
_OF = (
    r"(?:copy|duplicate) of|kopie (?:von|van)|copie (?:de|a|al)|copia (?:de|di)|cópia de|"
    r"kopia (?:av|pliku)|kopi (?:af|av)|копия|копія|αντίγραφο|bản sao của|salinan|สำเนาของ|"
    r"نسخة من|עותק של|másolat"
)
_TAIL = re.compile(rf"(?i)(?:[(\[]\d{{1,9}}[)\]]|\d{{1,9}}|[(\[]?(?:{_COPY})[)\]]?)$")
_HEAD = re.compile(rf"(?i)[(\[]?(?:{_OF}|{_COPY})[)\]]?[\s_–—-]+(?:\(\d{{1,9}}\)[\s_-]*)?")
_BETWEEN = " \t\u00a0\u3000_.–—-"
_PART = re.compile(r"[\W_]+|(?<=[a-z0-9])(?=[A-Z])")
_LONGEST = 300  # characters of a name that are looked at
_PARTS, _WORDS = 40, 8


def key(name: str) -> str:
    """What two spellings of one name share."""
    if not name.isascii():
        name = unicodedata.normalize("NFKC", name)
        name = "".join(c for c in name if unicodedata.category(c) != "Cf")
    return re.sub(r"[\W_]+", "", name).casefold()


def is_notebook(name: str) -> bool:
    """Whether a file of this name is taken for a notebook."""
    return _NOTEBOOK.search(name) is not None


def is_python(name: str) -> bool:
    """Whether a file of this name counts as Python source, no matter whose it is."""
    return _PYTHON.search(name) is not None


def bare(name: str) -> str:
    """A name without its ending."""
    return _ENDING.sub("", name[-_LONGEST:])


def stem(name: str) -> str:
    """``count_up (1).py`` and ``Copy of count_up.PY.txt`` -> the name without marks and ending."""
    *_, last = _peeled(bare(name))
    return last


def _peeled(name: str) -> list[str]:
    """The name, and what is left of it as one mark of a copy after the other is taken off."""
    found = [name]
    name = name.strip(_BETWEEN)
    for _ in range(4):
        shorter = _TAIL.sub("", name)
        if shorter == name:
            shorter = _HEAD.sub("", name, count=1) if _HEAD.match(name) else name
        shorter = shorter.strip(_BETWEEN)
        if shorter in (name, ""):
            break
        name = shorter
        found.append(name)
    return found


@dataclass(frozen=True, slots=True)
class Claim:
    """The exercise or chapter that a name stands for, and how; ``id`` is empty for none."""

    id: str = ""
    how: int = EXACT


NOBODY = Claim()


class Names:
    """The names of a course's exercises and chapters, to look file names up in."""

    def __init__(self, course: Course) -> None:
        self._exercises = {key(e.id): e.id for e in course.exercises}
        self._chapters = {key(c.id): c.id for c in course.chapters}
        self._exact = {f"{unicodedata.normalize('NFC', e.id)}.py": e.id for e in course.exercises}

    def exercise(self, name: str) -> Claim:
        """The exercise that a file of this name is for. Another exercise's own name comes first:
        ``count_up2.py`` is a copy of ``count_up`` only where no exercise is called ``count_up2``.
        """
        exact = self._exact.get(name)
        if exact is None and not name.isascii():
            exact = self._exact.get(unicodedata.normalize("NFC", name))
        return Claim(exact) if exact else self._spelled(name)

    def chapter(self, name: str, *, within: bool = False) -> str:
        """The chapter whose notebook a file of this name is, by any spelling; empty for none.

        ``within``: also as one part of a longer name, such as ``ann_ch02_final.ipynb``.
        """
        whole = key(name[-_LONGEST:])
        if not any(id in whole for id in self._chapters):
            return ""
        peeled = _peeled(bare(name))
        spelled = next((c for s in peeled if (c := self._chapters.get(key(s)))), "")
        if spelled or not within:
            return spelled
        found = _within(peeled[-1], self._chapters)
        return max(found, key=lambda id: (found[id], len(id)), default="")

    def holds_work(self, entries: set[str]) -> bool:
        """Whether a folder with these entries is one of answers: some have a name as expected."""
        return any(
            name in self._exact
            or key(name) in self._chapters
            or (is_notebook(name) and self.chapter(name))
            for name in entries
        )

    def _spelled(self, name: str) -> Claim:
        whole = key(name[-_LONGEST:])
        if not any(id in whole for id in self._exercises):
            return NOBODY
        base = bare(name)
        if base == name[-_LONGEST:] and "." in name:  # an ending that nobody gives to Python source
            return NOBODY
        peeled = _peeled(base)
        for candidate in peeled:
            id = self._exercises.get(key(candidate))
            if id:
                return Claim(id, SPELLED)
        # A name without Python's ending may be anything's: only the exercise's own counts.
        if not is_python(name) or is_test(name):
            return NOBODY
        found: dict[str, int] = {}
        for part in peeled:
            found.update(_within(part, self._exercises))
        most = [id for id, words in found.items() if words == max(found.values())]
        return Claim(most[0], WITHIN) if len(most) == 1 else NOBODY


def _within(name: str, known: dict[str, str]) -> dict[str, int]:
    """The ids that are whole words of a name, by their keys, and of how many words each."""
    keys = [key(p) for p in _PART.split(name) if p][:_PARTS]
    found: dict[str, int] = {}
    for first in range(len(keys)):
        text = ""
        for number, part in enumerate(keys[first : first + _WORDS], 1):
            text += part
            if text in known:
                found[known[text]] = number
    return found


def is_test(name: str) -> bool:
    """Whether a name is that of a file of tests, which is nobody's answer."""
    return re.match(r"(?i)test_|conftest\.|.*_test\.py$", name) is not None


@lru_cache(maxsize=8)
def names_of(course: Course) -> Names:
    """The names of a course; kept, since every submission asks for them."""
    return Names(course)
