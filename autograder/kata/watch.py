"""``kata watch``: check on save, with warm workers; the newest save wins.

One queue brings everything together: saves (from watchfiles), keys, and results (from the
thread that checks). Only the main thread shows anything, so nothing is ever half drawn.
"""

from __future__ import annotations

import contextlib
import queue
import shutil
import threading
import time
from collections.abc import Iterable, Iterator

from autograder.errors import KataError
from autograder.judging.session import Cancelled, JudgeSession
from autograder.kata import by_key, contract, editor, help_command, keys, naming, overview, pager
from autograder.kata import lines as said
from autograder.kata.checking import check_file
from autograder.kata.events import Broken, Event, Finished, Lost, Pressed, Saved
from autograder.kata.lines import Line
from autograder.kata.progress import ProgressError, Standing
from autograder.kata.saves import Saves
from autograder.kata.terminal import Screen
from autograder.kata.workspace import Workspace, WorkspaceError
from autograder.model import Verdict
from autograder.outline import Exercise
from autograder.text.wording import WORDING

_QUIT = (Pressed("q"), Pressed("Q"))
_STOCK = 32  # most workers that wait for the next save; some five megabytes each
_SHORT = 0.3  # s that a check may take before the screen says that it runs


class Watch:
    """One run of the command."""

    def __init__(self, workspace: Workspace, exercise: Exercise, screen: Screen) -> None:
        self.workspace, self.exercise, self.screen = workspace, exercise, screen
        self.session = JudgeSession(workspace.course, stock=_STOCK)
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._jobs: queue.SimpleQueue[tuple[int, Exercise] | None] = queue.SimpleQueue()
        self._number = 0
        self._running = False
        self._told = False  # that a check is running
        self._confirm = ""  # the key that has to be pressed again
        self._saves = Saves(workspace, self._events.put)
        self._keys = contextlib.ExitStack()
        self._able = False  # whether there are keys
        self._started: tuple[int, int] | None = None  # the file's stamp when it was last checked

    # -- the three sources -----------------------------------------------------------------

    def _check_jobs(self) -> None:
        while (job := self._jobs.get()) is not None:
            number, exercise = job
            if number != self._number:
                continue  # a newer save is waiting
            try:
                checked = check_file(self.session, self.workspace, exercise)
            except Cancelled:
                continue
            except Exception as error:
                self._events.put(Broken(number, f"{type(error).__name__}: {error}"))
                continue
            self._events.put(Finished(number, checked))

    # -- the loop --------------------------------------------------------------------------

    def run(self) -> int:
        """Until quit; 0, or 130 after ctrl-C."""
        threads = [
            threading.Thread(target=self._saves.watch, daemon=True),
            threading.Thread(target=self._check_jobs, daemon=True),
        ]
        self.session.warm(self.exercise)
        for thread in threads:
            thread.start()
        try:
            with self._keys:
                self._read_keys()
                self._start(self.exercise)
                while not self.screen.gone:
                    event = self._next_event()
                    if event in _QUIT:
                        return 0
                    self._handle(event)
                return 0
        except KeyboardInterrupt:
            return 130
        finally:
            self._saves.stop()
            self.session.cancel()
            self._jobs.put(None)
            threads[1].join(5)
            self.session.close()

    def _read_keys(self) -> None:
        reading = keys.reading(lambda key: self._events.put(Pressed(key)))
        self._able = self._keys.enter_context(reading)

    def _next_event(self) -> Event:
        while True:
            # A wait without an end would not hear ctrl-C on Windows. And not every file system
            # tells of changes: the exercise at hand is looked at, too.
            soon = self._running and not self._told
            with contextlib.suppress(queue.Empty):
                return self._events.get(timeout=_SHORT if soon else 0.5)
            if soon:
                self._tell()  # in place of the last verdict, which may be wrong by now
            if self._saves.stamp(self.exercise) != self._started:
                return Saved(self.exercise)

    def _handle(self, event: Event) -> None:
        match event:
            case Saved(exercise) if self._saves.is_new(exercise, watched=self.exercise.id):
                self._start(exercise)
            case Saved(exercise) if exercise.id == self.exercise.id:
                self._started = self._saves.stamp(self.exercise)
            case Finished(number, checked) if number == self._number:
                self._running = False
                shown = self._typed(said.lines(checked))
                self._draw(said.fitted(shown, self._rows(), lambda line: self._height([line])))
            case Broken(number, error) if number == self._number:
                self._running = False
                label = WORDING[Verdict.GRADER_FAULT].short
                self._draw([self._title(), Line("bad", f"The check did not run: {error}", label)])
            case Lost(error):
                self._draw([Line("bad", f"The exercises cannot be watched: {error}", "note")])
            case Pressed(key):
                self._press(key)

    def _start(self, exercise: Exercise) -> None:
        """Check an exercise now; a run in progress is broken off."""
        if self._running:
            self.session.cancel()
        self._number += 1
        self._running = True
        self._confirm, self._told = "", False
        if exercise.id != self.exercise.id or self._number == 1:
            self.exercise = exercise
            self._tell()
        self._started = self._saves.stamp(self.exercise)
        self._jobs.put((self._number, exercise))

    # -- keys ------------------------------------------------------------------------------

    def _press(self, key: str) -> None:
        key = key.lower()
        confirmed, self._confirm = self._confirm == key, ""
        match key:
            case "s":
                standing = self._standings().get(self.exercise.id, Standing())
                label = overview.state_words(standing)
                width = 0 if self.screen.plain else self.screen.width
                page = contract.page(self.workspace, self.exercise, label, width)
                self._read(self._typed(page))
            case "o":
                self._open()
            case "h":
                hints = help_command.hint_lines(self.workspace, self.exercise)
                self._read(self._typed(hints))
            case "v":
                self._solution(confirmed)
            case "l":
                self._read(self._list())
            case "n":
                self._go_on()
            case "r" if confirmed:
                self._reset()
            case "r":
                text = f"Press r again to put the stub of {self.exercise.id} back."
                self._ask("r", Line("open", text, "reset"))
            case "\n" | "\r" | " " | "c":
                self._start(self.exercise)

    def _ask(self, key: str, line: Line) -> None:
        """Show ``line``, which asks for the same key once more."""
        self._draw([self._title(), line])
        self._confirm = key

    def _open(self) -> None:
        """Open the file; an editor in this terminal has it, and the keys, until it ends."""
        with self._without_keys():
            try:
                editor.open_exercise(self.workspace, self.exercise, lab=False)
            except KataError as error:
                self._draw([self._title(), Line("bad", str(error), "note")])
            else:
                self._start(self.exercise)

    @contextlib.contextmanager
    def _without_keys(self) -> Iterator[None]:
        """Leave the keys to another program."""
        self._keys.close()
        try:
            yield
        finally:
            self._read_keys()

    def _solution(self, confirmed: bool) -> None:
        standing = self._standings().get(self.exercise.id, Standing())
        here = self.workspace.course.solution(self.exercise).is_file()
        if here and not (standing.done or standing.gave_up or confirmed):
            text = f"{self.exercise.id} is not passed yet. Press v again to see its solution."
            self._ask("v", Line("open", text, "not yet", by_mark=True))
            return
        self._clear()
        with self._without_keys():
            help_command.solution(self.workspace, self.exercise, self.screen, confirmed)
        self._draw([], clear=False)

    def _list(self) -> list[Line]:
        """Every exercise, or those of the chapter where that is too much for the screen."""
        standings = self._standings()
        lines = list(overview.listing(self.workspace, standings))
        few = len(self.workspace.course.chapters) < 2
        if few or self._height(lines) <= self._rows():
            return lines
        lines = list(overview.listing(self.workspace, standings, self.exercise.chapter))
        return [*lines, Line("quiet", "The other chapters: kata list")]

    def _standings(self) -> dict[str, Standing]:
        try:
            return self.workspace.progress.standings()
        except ProgressError:
            return {}

    def _go_on(self) -> None:
        """Only ever because the student asked for it."""
        exercise = naming.following(self.workspace.course, self._standings(), self.exercise.id)
        if exercise is None:
            self._draw([Line("summary", "There is no other exercise left.")])
        else:
            self._start(exercise)

    def _reset(self) -> None:
        try:
            lines = list(help_command.reset_lines(self.workspace, self.exercise))
        except WorkspaceError as error:
            lines = [Line("bad", str(error), "note")]
        # Our own writing is no save.
        self._saves.is_new(self.exercise, watched=self.exercise.id)
        self._started = self._saves.stamp(self.exercise)
        self._draw(lines)

    # -- showing ---------------------------------------------------------------------------

    def _read(self, lines: Iterable[Line]) -> None:
        """Show a text; in the pager where it is longer than the screen."""
        lines = list(lines)
        if self._height(lines) <= self._rows():
            self._draw(lines)
            return
        self._clear()
        with self._without_keys():
            pager.show(self.screen, "\n".join(map(self.screen.format, lines)))
        self._draw([], clear=False)

    def _typed(self, lines: Iterable[Line]) -> list[Line]:
        """Lines with keys in place of commands, where there are keys."""
        return list(by_key.keyed(lines, self.exercise.id) if self._able else lines)

    def _title(self) -> Line:
        return Line("head", f"{self.exercise.id}: {self.exercise.title}")

    def _tell(self) -> None:
        """Say that a check is running, and nothing else: what was there is of no use any more."""
        self._draw([self._title(), Line("quiet", f"Checking {self.exercise.id} …")])
        self._told = True

    def _height(self, lines: Iterable[Line]) -> int:
        return sum(self.screen.format(line).count("\n") + 1 for line in lines)

    def _rows(self) -> float:
        """How many rows there are above the footer and the cursor; where none is drawn, no end."""
        if self.screen.plain or not self.screen.stream.isatty():
            return float("inf")
        return shutil.get_terminal_size((80, 24)).lines - self._height([self._footer()]) - 1

    def _clear(self) -> None:
        if not self.screen.plain and self.screen.stream.isatty():
            # Cleared to the top, what was there stays in the scrollback of most terminals.
            self.screen.stream.write("\x1b[H\x1b[2J")

    def _draw(self, lines: Iterable[Line], *, clear: bool = True) -> None:
        if clear:
            self._clear()
        self.screen.show(lines)
        self._told = False
        self.screen.show([self._footer()])

    def _footer(self) -> Line:
        at = time.strftime("%H:%M:%S")
        help_ = by_key.legend(self.screen.plain) if self._able else "ctrl-C ends"
        return Line("quiet", f"{at} watching {self.exercise.id}.  {help_}")
