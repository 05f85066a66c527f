"""What a run shows while it works: a live bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.progress import Task as RichTask
from rich.text import Text

_EVERY = 5.0  # seconds between plain lines
_ENOUGH = 10  # answers from which the time that is left can be told


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


class _Rate(ProgressColumn):
    def render(self, task: RichTask) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:.1f}/s" if speed else "–/s", style="progress.data.speed")


class _Where(ProgressColumn):
    def __init__(self, where: Callable[[], str]) -> None:
        super().__init__()
        self._where = where

    def render(self, task: RichTask) -> Text:
        return Text(self._where())


class RunProgress:
    """Counts graded exercises; a context manager, which takes the bar away.

    ``where`` says in a few words who grades; empty for this machine.
    """

    def __init__(self, console: Console) -> None:
        self.console = console
        self.total = self.done = 0
        self.where: Callable[[], str] = str
        self._began = self._said = time.monotonic()
        self._bar: Progress | None = None

    def __enter__(self) -> RunProgress:
        return self

    def begin(self, total: int) -> None:
        """There are ``total`` to grade."""
        self.total = total
        self._began = self._said = time.monotonic()
        if self.console.is_terminal and total:
            self._bar = Progress(
                TextColumn("grading"),
                BarColumn(bar_width=None),
                MofNCompleteColumn(),
                _Rate(),
                TimeRemainingColumn(compact=True),
                _Where(lambda: self.where()),
                console=self.console,
                transient=True,
            )
            self._task = self._bar.add_task("grading", total=total)
            self._bar.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def advance(self) -> None:
        """One more is graded."""
        self.done += 1
        if self._bar is not None:
            self._bar.advance(self._task)
            return
        now = time.monotonic()
        if now - self._said >= _EVERY or self.done == self.total:
            self._said = now
            rate = self.done / max(now - self._began, 1e-9)
            line = f"graded {self.done} of {self.total}, {rate:.1f}/s"
            if self.done >= min(_ENOUGH, self.total):
                line += f", {_duration((self.total - self.done) / rate)} left"
            where = self.where()
            self.console.print(f"{line}; {where}" if where else line, highlight=False)
