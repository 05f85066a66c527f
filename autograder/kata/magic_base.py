"""What the magics of notebooks share: arguments, and the workspace around the notebook."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from IPython.core.error import UsageError
from IPython.core.magic import Magics

from autograder import outline
from autograder.errors import KataError
from autograder.kata import naming, options
from autograder.kata import workspace as workspace_
from autograder.kata.workspace import Workspace, WorkspaceError
from autograder.outline import Course, Exercise


@dataclass(frozen=True, slots=True)
class Asked:
    """A magic's arguments: the exercise's name and the flags after it."""

    name: str
    flags: frozenset[str]


def parse(line: str, known: tuple[str, ...]) -> Asked:
    """The arguments of a magic that knows these flags; ``UsageError`` for anything else."""
    try:
        parts = shlex.split(line)
    except ValueError as error:
        raise UsageError(f"{line!r} is not understood: {error}") from None
    flags = frozenset(p for p in parts if p.startswith("-"))
    names = [p for p in parts if not p.startswith("-")]
    unknown = sorted(flags - set(known))
    if unknown or len(names) > 1:
        wrong = unknown[0] if unknown else names[1]
        raise UsageError(f"{wrong!r} is not understood; use {' '.join(('ID', *known))}")
    return Asked(names[0] if names else "", flags)


class MagicBase(Magics):
    """Finds the workspace, the course and the exercise that a magic is about."""

    def _workspace(self) -> Workspace | None:
        """The workspace around the notebook; None in a notebook that lies elsewhere."""
        try:
            return workspace_.find()
        except WorkspaceError:
            return None

    def _own_workspace(self) -> Workspace:
        """The workspace; ``UsageError`` with how to make one."""
        try:
            return workspace_.find()
        except WorkspaceError as error:
            raise UsageError(str(error)) from None

    def _course(self, workspace: Workspace | None) -> Course:
        try:
            return workspace.course if workspace else outline.load()
        except outline.OutlineError as error:
            raise UsageError(str(error)) from None

    def _exercise(self, course: Course, name: str, workspace: Workspace | None = None) -> Exercise:
        """The exercise called so; without a name the one saved last, or the next one."""
        try:
            if name:
                return naming.one(course, name)
            if workspace is not None:
                return options.pick(workspace, None)
        except KataError as error:
            raise UsageError(str(error)) from None
        ids = ", ".join(e.id for e in course.exercises[:8])
        raise UsageError(f"name the exercise: {ids} …")
