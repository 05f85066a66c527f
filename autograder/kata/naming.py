"""Which exercises are meant: by a name, or the one that comes next."""

from __future__ import annotations

from autograder.command_line.exercise_names import Unknown, chapter, one, several
from autograder.kata.progress import Standing
from autograder.kata.workspace import Workspace
from autograder.outline import Course, Exercise

__all__ = ["Unknown", "chapter", "following", "last_saved", "one", "several"]


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
