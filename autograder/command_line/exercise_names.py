"""Which exercises a user means: by id, and by any other name that a screen or a page shows.

An exercise is known by its id or the beginning of it, the number of its section (``2.1``), its
title, a name that it defines (``CountUp``), and the path of a file that belongs to it: the
stub, the solution, the grader, a specimen. A chapter is known by its id, its number, a word of its
title, and the path of its lesson or notebook; it stands for its exercises.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

from autograder.errors import KataError
from autograder.outline import Chapter, Course, Exercise

_SUFFIXES = (".py", ".ipynb", ".toml", ".md")


class Unknown(KataError):
    """No exercise, or more than one, is meant; the message says which are near."""


def one(course: Course, name: str) -> Exercise:
    """The one exercise that is called ``name``; :class:`Unknown` with what may have been meant."""
    found = _found(course, name)
    if len(found) == 1:
        return found[0]
    raise _ambiguous(course, name, found) if found else _unknown(course, name)


def several(course: Course, names: Iterable[str]) -> list[Exercise]:
    """The named exercises, each once, in the order given; a chapter or section means all of its
    exercises. :class:`Unknown` as in :func:`one`."""
    chosen: dict[str, Exercise] = {}
    for name in names:
        found = _found(course, name)
        whole = _chapters(course, name) or _in_section(course, name)
        if len(found) > 1 and not whole:
            raise _ambiguous(course, name, found)
        if not found:
            raise _unknown(course, name)
        chosen.update((e.id, e) for e in found)
    return list(chosen.values())


def chapter(course: Course, name: str) -> str:
    """The id of a chapter: ``ch02``, ``2`` or part of its title; :class:`Unknown` otherwise."""
    meant = _chapters(course, name)
    text = name.strip().lower()
    meant = meant or [c for c in course.chapters if text and text in c.title.lower()]
    if len(meant) == 1:
        return meant[0].id
    known = ", ".join(c.id for c in course.chapters)
    raise Unknown(f"there is no chapter {name!r}; the chapters are {known}.")


def chapter_or_none(course: Course, name: str) -> Chapter | None:
    """The chapter that ``name`` is the id, the number, the title or a file of."""
    meant = _chapters(course, name)
    return meant[0] if len(meant) == 1 else None


def _found(course: Course, name: str) -> list[Exercise]:
    """Every exercise that the name means, by the strongest of its meanings."""
    parts = [_bare(part) for part in re.split(r"[/\\]", name.strip()) if part]
    exercises = {e.id: e for e in course.exercises}
    for part in reversed(parts):
        if part in exercises:
            return [exercises[part]]
        if part.removeprefix("test_") in exercises:
            return [exercises[part.removeprefix("test_")]]
    if here := _in_section(course, name):
        return here
    if whole := _chapters(course, name):
        return list(whole[0].exercises) if len(whole) == 1 else []
    text = name.strip().lower()
    if titled := [e for e in course.exercises if text and e.title.lower() == text]:
        return titled
    if defining := _defining(course, name.strip()):
        return defining
    return [e for id, e in exercises.items() if parts and id.startswith(parts[-1])]


def _bare(part: str) -> str:
    for suffix in _SUFFIXES:
        part = part.removesuffix(suffix)
    return part.replace("-", "_").lower()


def _in_section(course: Course, name: str) -> list[Exercise]:
    number = name.strip().rstrip(".")
    return [e for e in course.exercises if number and e.section == number]


def _chapters(course: Course, name: str) -> list[Chapter]:
    """Chapters with this id, number or title, or the beginning of an id up to its number."""
    text = name.strip().lower()
    for part in reversed([_bare(part) for part in re.split(r"[/\\]", text) if part]):
        number = re.fullmatch(r"(?:ch|chapter ?)?0*(\d+)", part)
        begin = f"ch{int(number[1]):02}" if number else part
        for c in course.chapters:
            if c.id == part or (number and (c.id == begin or c.id.startswith(f"{begin}_"))):
                return [c]
    return [c for c in course.chapters if c.title.lower() == text or _begins(c.id, text)]


def _begins(id: str, text: str) -> bool:
    """Whether a text is the beginning of a chapter's id, from its number on."""
    return bool(re.match(r"ch\d+", text)) and id.startswith(text)


def _defining(course: Course, name: str) -> list[Exercise]:
    """Exercises whose stub defines a class or function of this name."""
    if not name.isidentifier():
        return []
    text = re.compile(rf"^(?:class|def|async def) {re.escape(name)}\b", re.MULTILINE)
    found = []
    for exercise in course.exercises:
        try:
            stub = course.stub(exercise).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        if text.search(stub):
            found.append(exercise)
    return found


def _ambiguous(course: Course, name: str, found: list[Exercise]) -> Unknown:
    ids = [e.id for e in found]
    if _in_section(course, name):
        return Unknown(f"section {name} has {_joined(ids, 'and')}: name one of them.")
    if whole := _chapters(course, name):
        return Unknown(f"chapter {whole[0].id} has {_joined(ids, 'and')}: name one of them.")
    return Unknown(f"{name!r} could be {_joined(ids[:6], 'or', len(ids) > 6)}: type more of it.")


def _unknown(course: Course, name: str) -> Unknown:
    wanted = _bare(re.split(r"[/\\]", name.strip())[-1])
    ids = [e.id for e in course.exercises]
    # "Countup" is nearer to a class than to an id; both lead to the exercise.
    squeezed = {id.replace("_", ""): id for id in ids}
    near = [squeezed[s] for s in difflib.get_close_matches(wanted, squeezed, n=1, cutoff=0.8)]
    near = near or difflib.get_close_matches(wanted, ids, n=3, cutoff=0.55)
    near = near or [id for id in ids if len(wanted) > 2 and wanted in id][:3]
    if near:
        return Unknown(f"no exercise is called {name!r}. Did you mean {_joined(near, 'or')}?")
    return Unknown(f"no exercise is called {name!r}. `kata list` shows them all.")


def _joined(names: list[str], word: str, more: bool = False) -> str:
    if len(names) == 1:
        return names[0]
    return ", ".join([*names[:-1], *(["…"] if more else [])]) + f" {word} {names[-1]}"
