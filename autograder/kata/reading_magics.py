"""``%show``, ``%next``, ``%solution``, ``%reset`` and ``%lesson`` for IPython: the commands of the
same names, in a notebook."""

from __future__ import annotations

import io
from typing import Any

from IPython.core.error import UsageError
from IPython.core.magic import line_magic, magics_class

from autograder.errors import KataError
from autograder.kata import contract, help_command, lesson_command, options, overview
from autograder.kata.html import Output
from autograder.kata.lesson import reading
from autograder.kata.lines import Line
from autograder.kata.magic_base import MagicBase, parse
from autograder.kata.progress import Standing
from autograder.kata.terminal import Screen

_IPYTHON_RESETS = ("array", "dhist", "in", "out")
"""What IPython's own %reset can be asked to clear."""


@magics_class
class ReadingMagics(MagicBase):
    """The magics that show something, and the one that puts a stub back."""

    @line_magic
    def show(self, line: str) -> Output:
        """%show [ID]: show an exercise: contract, minutes, prerequisites."""
        asked, workspace = parse(line, ()), self._own_workspace()
        exercise = self._exercise(workspace.course, asked.name, workspace)
        try:
            standing = options.standings_of(workspace).get(exercise.id, Standing())
        except KataError as error:
            raise UsageError(str(error)) from None
        label = overview.state_words(standing)
        return Output(list(contract.page(workspace, exercise, label, 0)))

    @line_magic
    def next(self, line: str) -> Output:
        """%next: show the next exercise."""
        parse(line, ())
        workspace = self._own_workspace()
        try:
            return Output(list(overview.coming(workspace, options.standings_of(workspace))))
        except KataError as error:
            raise UsageError(str(error)) from None

    @line_magic
    def solution(self, line: str) -> Output:
        """%solution [ID] [--give-up]: show the reference, once you have passed."""
        asked, workspace = parse(line, ("--give-up",)), self._own_workspace()
        exercise = self._exercise(workspace.course, asked.name, workspace)
        page = _Page()
        help_command.solution(workspace, exercise, page.screen, "--give-up" in asked.flags)
        return page.output()

    @line_magic
    def reset(self, line: str) -> Output:
        """%reset ID: put the stub back; your own version is kept, and it says where.

        Without an exercise this is IPython's own %reset, which clears the notebook's names.
        """
        if not line.strip() or line.split()[0] in _IPYTHON_RESETS or line.lstrip().startswith("-"):
            from IPython.core.magics.namespace import NamespaceMagics

            ipythons: Any = NamespaceMagics(self.shell)
            ipythons.reset(line)
            return Output([])
        asked, workspace = parse(line, ()), self._own_workspace()
        exercise = self._exercise(workspace.course, asked.name, workspace)
        try:
            return Output(list(help_command.reset_lines(workspace, exercise)))
        except KataError as error:
            raise UsageError(str(error)) from None

    @line_magic
    def lesson(self, line: str) -> Any:
        """%lesson [ID] [--web]: read what a lesson says about an exercise, here or as a page."""
        asked, workspace = parse(line, ("--web",)), self._own_workspace()
        exercise = self._exercise(workspace.course, asked.name, workspace)
        chapter = next(c for c in workspace.course.chapters if exercise in c.exercises)
        try:
            if "--web" in asked.flags:
                page = _Page()
                lesson_command.run(workspace, chapter, exercise, page.screen, web=True)
                return page.output()
            text = reading(workspace, chapter, exercise).markdown
        except KataError as error:
            raise UsageError(str(error)) from None
        from IPython.display import Markdown

        return Markdown(text)  # type: ignore[no-untyped-call]


class _Page:
    """Takes what a command would write to a terminal."""

    def __init__(self) -> None:
        self._stream = io.StringIO()
        self.screen = Screen(plain=True, stream=self._stream)

    def output(self) -> Output:
        """The same for a notebook."""
        rows = self._stream.getvalue().rstrip("\n").split("\n")
        return Output([Line("message", row) for row in rows])
