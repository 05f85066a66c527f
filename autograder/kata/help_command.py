"""``kata hint``, ``kata solution`` and ``kata reset``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from autograder.kata.lines import Line, steps
from autograder.kata.progress import ProgressError, Standing
from autograder.kata.terminal import Screen
from autograder.kata.workspace import Workspace, WorkspaceError
from autograder.outline import Exercise
from autograder.text.numbers import counted


def hint_lines(workspace: Workspace, exercise: Exercise) -> Iterator[Line]:
    """The hints shown so far and one more."""
    hints = exercise.hints
    if not hints:
        yield Line("open", f"{exercise.id} has no hints.", "none")
        return
    before = 0
    unsaved = ""
    try:
        before = workspace.progress.standing(exercise.id).hints
        count = workspace.progress.note_hint(exercise.id, len(hints)).hints
    except ProgressError as error:
        count, unsaved = min(len(hints), before + 1), str(error)
    yield Line("head", f"{exercise.id}: hint {count} of {len(hints)}")
    for place, text in enumerate(hints[:count], 1):
        yield Line("hint" if place == count else "quiet", f"{place}. {text}")
    if unsaved:
        yield Line("bad", unsaved, "note")
    elif before >= len(hints):
        yield Line("quiet", "That was the last one.")
        yield Line("next", f"kata solution {exercise.id} --give-up   shows the reference")


def hint(workspace: Workspace, exercise: Exercise, screen: Screen) -> int:
    """``kata hint``; exit code 0, or 1 if the exercise has no hints."""
    screen.show(hint_lines(workspace, exercise))
    return 0 if exercise.hints else 1


def solution(workspace: Workspace, exercise: Exercise, screen: Screen, give_up: bool) -> int:
    """``kata solution``; exit code 1 where it may not be shown (yet)."""
    if not workspace.course.solution(exercise).is_file():
        words = "A class bundle has no solutions; your instructor may show them after grading."
        screen.show([Line("open", words, "not here")])
        return 1
    try:
        standing = workspace.progress.standing(exercise.id)
    except ProgressError as error:
        screen.show([Line("bad", str(error), "note")])
        standing = Standing()
    allowed = standing.done or standing.gave_up
    if not allowed and not give_up:
        screen.show(
            [
                Line("open", f"{exercise.id} is not passed yet.", "not yet", by_mark=True),
                *steps(
                    (f"kata hint {exercise.id}", "when you are stuck"),
                    (f"kata solution {exercise.id} --give-up", "shows it before you pass"),
                ),
            ]
        )
        return 1
    if not allowed:
        try:
            workspace.progress.note_gave_up(exercise.id)
        except ProgressError as error:
            screen.show([Line("bad", str(error), "note")])
    from autograder.kata import solution as solution_

    solution_.show(workspace, exercise, screen)
    return 0


def reset_lines(workspace: Workspace, exercise: Exercise) -> Iterator[Line]:
    """Put a stub back and say where the old version is; raises ``WorkspaceError``."""
    before = workspace.progress.standings().get(exercise.id)
    old = workspace.reset(exercise)
    shown = workspace.shown(workspace.path(exercise))
    if old is None:
        yield Line("good", f"{shown} was the stub already.", "reset")
    else:
        yield Line("good", f"{shown} is the stub again. What you had is in:", "reset")
        yield Line("message", workspace.shown(old), level=1)
    try:
        workspace.progress.note_reset(exercise.id)
    except ProgressError as error:
        yield Line("bad", str(error), "note")
        return
    if before is not None and before.done:
        yield Line("message", "It was passed. It counts as not started now.")


def reset(workspace: Workspace, chosen: Sequence[Exercise]) -> int:
    """``kata reset``; exit code 2 where a file could not be replaced."""
    import sys

    screen = Screen()
    code = 0
    were = 0
    for exercise in chosen:
        try:
            lines = list(reset_lines(workspace, exercise))
            if len(chosen) > 1 and len(lines) == 1:
                were += 1
                continue
            screen.show(lines)
        except WorkspaceError as error:
            print(f"kata: {error}", file=sys.stderr)
            code = 2
    if were:
        screen.show([Line("good", f"{counted(were, 'exercise')} had nothing to keep.", "stubs")])
    return code
