"""Where a student is: lists, the next exercise, what one asks for, progress as data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from autograder.kata.lines import Kind, Line, steps
from autograder.kata.naming import current, following
from autograder.kata.progress import Standing, State
from autograder.kata.workspace import Workspace
from autograder.outline import Chapter, Exercise
from autograder.text.numbers import counted

_STATES: dict[State, tuple[Kind, str]] = {
    "passed": ("good", "passed"),
    "public passed": ("so far", "passed so far"),
    "tried": ("bad", "tried"),
    "new": ("open", "not started"),
}


def state_words(standing: Standing) -> str:
    """How far an exercise is: ``passed``, ``tried`` or ``not started``."""
    return _STATES[standing.state][1]


def _count(standings: dict[str, Standing], chapter: Chapter) -> int:
    return sum(bool(standings.get(e.id, Standing()).done) for e in chapter.exercises)


def _to_come(standings: dict[str, Standing], exercises: Iterable[Exercise]) -> int:
    """How many exercises are passed as far as they can be here."""
    return sum(standings.get(e.id, Standing()).state == "public passed" for e in exercises)


def _titled(chapter: Chapter) -> str:
    """The title after the number by which ``--chapter`` knows it, if its id has one."""
    number = re.match(r"ch0*(\d+)(?:_|$)", chapter.id)
    return f"{number[1]}. {chapter.title}" if number else chapter.title


def _bar(done: int, total: int) -> str:
    filled = round(10 * done / total) if total else 0
    return "█" * filled + "░" * (10 - filled)


def home(workspace: Workspace, standings: dict[str, Standing], plain: bool) -> Iterator[Line]:
    """``kata`` alone: progress by chapter, the next exercise, what to type."""
    course = workspace.course
    yield Line("head", course.title)
    for chapter in course.chapters:
        done, total = _count(standings, chapter), len(chapter.exercises)
        bar = "" if plain else f"{_bar(done, total)} "
        whole = total and done == total and not _to_come(standings, chapter.exercises)
        kind: Kind = "good" if plain and whole else "message"
        yield Line(kind, f"{bar}{done} of {total}  {_titled(chapter)}")
    yield from overall(workspace, standings)
    yield from coming(workspace, standings)
    yield Line("quiet", "kata list: every exercise.  kata --help: every command.")


def overall(workspace: Workspace, standings: dict[str, Standing]) -> Iterator[Line]:
    """How many exercises of the course are passed, and what that says in a class."""
    exercises = workspace.course.exercises
    done = sum(bool(standings.get(e.id, Standing()).done) for e in exercises)
    words = f"{done} of {counted(len(exercises), 'exercise')} passed"
    if waiting := _to_come(standings, exercises):
        words += f" so far; hidden checks of {waiting} will run at grading."
        yield Line("so far", words, "passed so far", by_mark=True)
    else:
        yield Line("summary", f"{words}.")


def coming(workspace: Workspace, standings: dict[str, Standing]) -> Iterator[Line]:
    """The exercise that was begun, the next one, and what to type for them."""
    here = current(workspace.course, standings)
    if here is not None and not standings[here.id].done:
        at = standings[here.id]
        yield Line("summary", f"Begun: {here.id}, {at.passed} of {counted(at.total, 'check')}")
        yield from steps((f"kata watch {here.id}", "go on with it"))
    exercise = following(workspace.course, standings)
    if exercise is None or exercise is here:
        if here is None or standings[here.id].done:
            yield Line("summary", "Every exercise is passed. Well done.")
        return
    yield Line("summary", f"Next: {exercise.id}, {exercise.title} (about {exercise.minutes} min)")
    yield Line("quiet", workspace.shown(workspace.path(exercise)))
    yield from steps(
        (f"kata show {exercise.id}", "what it asks for"),
        (f"kata open {exercise.id}", "edit it"),
        (f"kata watch {exercise.id}", "check whenever you save"),
    )


def listing(
    workspace: Workspace, standings: dict[str, Standing], chapter: str | None = None
) -> Iterator[Line]:
    """Every exercise, or those of one chapter."""
    wide = max(len(e.id) for e in workspace.course.exercises)
    for each in workspace.course.chapters:
        if chapter is not None and each.id != chapter:
            continue
        count = f"{_count(standings, each)} of {len(each.exercises)}"
        yield Line("head", f"{_titled(each)} ({count})")
        for exercise in each.exercises:
            standing = standings.get(exercise.id, Standing())
            kind, label = _STATES[standing.state]
            text = f"{exercise.id:{wide}}  {_detail(exercise, standing)}"
            yield Line(kind, text, label, level=1, by_mark=True, column=wide + 2)


def after_list(workspace: Workspace) -> Iterator[Line]:
    """What to do with the list; it may be longer than the screen."""
    typed = [("kata show ID", "what an exercise asks for")]
    second = workspace.course.chapters[1:2]
    if second and second[0].id.startswith("ch02"):
        typed.append(("kata list --chapter 2", "one chapter alone"))
    yield from steps(*typed)


def _detail(exercise: Exercise, standing: Standing) -> str:
    parts = [f"{exercise.minutes} min"]
    if standing.state == "public passed":
        parts.append(f"{standing.hidden} hidden to come")
    if standing.state == "tried":
        parts.append(f"{standing.passed} of {standing.total} checks")
    if standing.gave_up:
        parts.append("solution seen")
    return f"{exercise.title} · " + " · ".join(parts)


def export(workspace: Workspace, standings: dict[str, Standing]) -> dict[str, Any]:
    """``kata progress --export``: everything that is known, as data."""
    from dataclasses import asdict

    return {
        "schema": 1,
        "course": workspace.course.title,
        "exercises": {
            e.id: {
                "chapter": e.chapter,
                "title": e.title,
                "state": standings.get(e.id, Standing()).state,
                **asdict(standings.get(e.id, Standing())),
            }
            for e in workspace.course.exercises
        },
    }
