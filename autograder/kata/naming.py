"""Which exercises are meant: by prefix, despite a typo, or the one that comes next."""

from __future__ import annotations

from collections.abc import Iterable

from autograder.errors import KataError
from autograder.kata.progress import Standing
from autograder.kata.workspace import Workspace
from autograder.outline import Course, Exercise


class Unknown(KataError):
    """No exercise, or more than one, is meant; the message says which are near."""


def one(course: Course, name: str) -> Exercise:
    """The exercise called ``name``, or the only one that begins so.

    A path to its file, the number of its section (``2.1``) and the name of its class
    (``CountUp``) will do, too. Raises :class:`Unknown` with what may have been meant.
    """
    import difflib
    import re

    wanted = re.split(r"[/\\]", name)[-1].removesuffix(".py").replace("-", "_").lower()
    exercises = {e.id: e for e in course.exercises}
    if wanted in exercises:
        return exercises[wanted]
    here = [
        e for e in course.exercises if name and name in (e.section, e.id.title().replace("_", ""))
    ]
    if len(here) == 1:
        return here[0]
    if here:
        raise Unknown(f"section {name} has {_all([e.id for e in here])}: name one of them.")
    begin = [id for id in exercises if wanted and id.startswith(wanted)]
    if len(begin) == 1:
        return exercises[begin[0]]
    if begin:
        raise Unknown(f"{name!r} could be {_either(begin)}: type more of its name.")
    within = [id for id in exercises if len(wanted) > 2 and wanted in id]
    near = difflib.get_close_matches(wanted, exercises, n=3, cutoff=0.55) or within[:3]
    meant = f" Did you mean {_either(near)}?" if near else " `kata list` shows them all."
    raise Unknown(f"no exercise is called {name!r}.{meant}")


def _either(names: list[str]) -> str:
    shown = names[:6]
    more = ["…"] if len(names) > 6 else []
    if len(shown) == 1:
        return shown[0]
    return ", ".join([*shown[:-1], *more]) + f" or {shown[-1]}"


def _all(names: list[str]) -> str:
    return ", ".join(names[:-1]) + f" and {names[-1]}"


def several(course: Course, names: Iterable[str]) -> list[Exercise]:
    """The named exercises, each once, in the order given."""
    exercises = {e.id: e for e in (one(course, name) for name in names)}
    return list(exercises.values())


def chapter(course: Course, name: str) -> str:
    """The id of a chapter: ``ch02``, ``2`` or part of its title; :class:`Unknown` otherwise."""
    text = name.lower()
    ids = [c.id for c in course.chapters]
    number = f"ch{int(text):02}" if text.isdecimal() else text
    meant = [id for id in ids if id == text or id.startswith(number)]
    meant = meant or [c.id for c in course.chapters if text in c.title.lower()]
    if len(meant) == 1:
        return meant[0]
    raise Unknown(f"there is no chapter {name!r}; the chapters are {', '.join(ids)}.")


def following(
    course: Course, standings: dict[str, Standing], after: str | None = None
) -> Exercise | None:
    """The next exercise that is not passed: after ``after``, by default the one checked last.

    One whose prerequisites are passed goes first, as if ``after`` were; behind the last exercise
    come the first ones.
    """
    here = current(course, standings)
    after = after or (here.id if here is not None else None)
    todo = [e for e in course.exercises if not standings.get(e.id, Standing()).done]
    if after is not None:
        ids = [e.id for e in course.exercises]
        later = [e for e in todo if ids.index(e.id) > ids.index(after)]
        todo = later or [e for e in todo if e.id != after]
    ready = [
        e
        for e in todo
        if all(p == after or standings.get(p, Standing()).done for p in e.prerequisites)
    ]
    return next(iter(ready or todo), None)


def current(course: Course, standings: dict[str, Standing]) -> Exercise | None:
    """The exercise that was checked last; None before the first check."""
    checked = [(standings.get(e.id, Standing()).checked, e) for e in course.exercises]
    last = max((time for time, _ in checked), default="")
    return next((e for time, e in reversed(checked) if time == last), None) if last else None


def last_saved(workspace: Workspace) -> Exercise | None:
    """The exercise whose file was saved most recently and is no stub any more."""
    saved: list[tuple[float, Exercise]] = []
    for exercise in workspace.course.exercises:
        path = workspace.path(exercise)
        if path.is_file() and not workspace.is_stub(exercise):
            saved.append((path.stat().st_mtime, exercise))
    return max(saved, key=lambda pair: pair[0])[1] if saved else None
