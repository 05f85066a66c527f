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
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from autograder.judging.session import Cancelled, JudgeSession
from autograder.kata import help_command, keys, naming, overview
from autograder.kata import lines as said
from autograder.kata.checking import check_file
from autograder.kata.events import Broken, Event, Finished, Lost, Pressed, Saved
from autograder.kata.lines import Line
from autograder.kata.progress import ProgressError, Standing
from autograder.kata.terminal import Screen
from autograder.kata.workspace import Workspace, WorkspaceError
from autograder.model import Verdict
from autograder.outline import Exercise
from autograder.text.wording import WORDING

KEYS = "h hint  l list  n next  r reset  q quit"
_QUIT = (Pressed("q"), Pressed("Q"))
_STOCK = 32  # most workers that wait for the next save; some five megabytes each
_SETTLE = 10  # ms without another change after which a save counts as finished
_AGAIN = 0.5  # s within which an event without a change in the file is an editor's afterthought


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
        self._seen: dict[str, tuple[float, bytes | None]] = {}
        self._confirm_reset = False
        self._stop = threading.Event()
        self._keys = False
        self._started: tuple[int, int] | None = None  # the file's stamp when it was last checked

    # -- the three sources -----------------------------------------------------------------

    def _watch_files(self) -> None:
        from watchfiles import watch

        folder = self.workspace.root / "exercises"
        by_path = {self.workspace.path(e).resolve(): e for e in self.workspace.course.exercises}
        while not self._stop.is_set():
            try:
                for changes in watch(
                    folder,
                    stop_event=self._stop,
                    step=_SETTLE,
                    debounce=200,
                    rust_timeout=500,
                    yield_on_timeout=False,
                    watch_filter=None,
                    raise_interrupt=False,
                ):
                    for path in {Path(name).resolve() for _, name in changes}:
                        if path in by_path:
                            self._events.put(Saved(by_path[path]))
                return
            except (OSError, RuntimeError) as error:
                # The folder was moved or removed: look again until it is back.
                self._events.put(Lost(str(error)))
                while not folder.is_dir() and not self._stop.wait(0.5):
                    continue

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
            threading.Thread(target=self._watch_files, daemon=True),
            threading.Thread(target=self._check_jobs, daemon=True),
        ]
        self.session.warm(self.exercise)
        for thread in threads:
            thread.start()
        try:
            with keys.reading(lambda key: self._events.put(Pressed(key))) as able:
                self._keys = able
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
            self._stop.set()
            self.session.cancel()
            self._jobs.put(None)
            threads[1].join(5)
            self.session.close()

    def _next_event(self) -> Event:
        while True:
            # A wait without an end would not hear ctrl-C on Windows. And not every file system
            # tells of changes: the exercise at hand is looked at, too.
            with contextlib.suppress(queue.Empty):
                return self._events.get(timeout=0.5)
            if self._running and not self._told:
                self._told = True
                self.screen.show([Line("quiet", f"Checking {self.exercise.id} …")])
            if self._stamp() != self._started:
                return Saved(self.exercise)

    def _handle(self, event: Event) -> None:
        match event:
            case Saved(exercise) if self._is_new(exercise):
                self._start(exercise)
            case Saved(exercise) if exercise.id == self.exercise.id:
                self._started = self._stamp()
            case Finished(number, checked) if number == self._number:
                self._running = False
                self._draw(self._fitted(self._by_key(said.lines(checked))))
            case Broken(number, error) if number == self._number:
                self._running = False
                label = WORDING[Verdict.GRADER_FAULT].short
                self._draw([Line("bad", f"The check did not run: {error}", label)])
            case Lost(error):
                self._draw([Line("bad", f"The exercises cannot be watched: {error}", "note")])
            case Pressed(key):
                self._press(key)

    def _stamp(self) -> tuple[int, int] | None:
        try:
            status = self.workspace.path(self.exercise).stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size

    def _is_new(self, exercise: Exercise) -> bool:
        """Whether a save changed the file, or was meant to have it checked again."""
        try:
            content: bytes | None = self.workspace.path(exercise).read_bytes()
        except OSError:
            content = None
        before = self._seen.get(exercise.id)
        now = time.monotonic()
        afterthought = before is not None and before[1] == content and now - before[0] < _AGAIN
        if afterthought and exercise.id == self.exercise.id:
            return False
        self._seen[exercise.id] = (now, content)
        return True

    def _start(self, exercise: Exercise) -> None:
        """Check an exercise now; a run in progress is broken off."""
        if self._running:
            self.session.cancel()
        self._number += 1
        self._running = True
        self._confirm_reset = self._told = False
        if exercise.id != self.exercise.id or self._number == 1:
            self.exercise = exercise
            self._draw([Line("quiet", f"Checking {exercise.id} …")])
            self._told = True
        self._started = self._stamp()
        self._jobs.put((self._number, exercise))

    # -- keys ------------------------------------------------------------------------------

    def _press(self, key: str) -> None:
        key = key.lower()
        confirmed, self._confirm_reset = self._confirm_reset and key == "r", False
        match key:
            case "h":
                self._draw(help_command.hint_lines(self.workspace, self.exercise))
            case "l":
                self._draw(self._list())
            case "n":
                self._go_on()
            case "r" if confirmed:
                self._reset()
            case "r":
                self._confirm_reset = True
                text = f"Press r again to put the stub of {self.exercise.id} back."
                self._draw([Line("open", text, "reset")])
            case "\n" | "\r" | " " | "c":
                self._start(self.exercise)

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
        self._is_new(self.exercise)
        self._started = self._stamp()
        self._draw(lines)

    # -- showing ---------------------------------------------------------------------------

    def _by_key(self, lines: Iterable[Line]) -> list[Line]:
        """Lines with a key in place of a command that has one: nobody can type it here."""
        if not self._keys:
            return list(lines)
        keyed = {"kata hint": "h   when you are stuck", "kata next": "n   starts the next exercise"}
        return [
            replace(line, text=keyed.get(line.text[:9], line.text)) if line.kind == "next" else line
            for line in lines
        ]

    def _fitted(self, lines: list[Line]) -> list[Line]:
        return said.fitted(lines, self._rows(), lambda line: self._height([line]))

    def _height(self, lines: Iterable[Line]) -> int:
        return sum(self.screen.format(line).count("\n") + 1 for line in lines)

    def _rows(self) -> float:
        """How many rows there are above the footer and the cursor; where none is drawn, no end."""
        if self.screen.plain or not self.screen.stream.isatty():
            return float("inf")
        return shutil.get_terminal_size((80, 24)).lines - self._height([self._footer()]) - 1

    def _draw(self, lines: Iterable[Line]) -> None:
        if not self.screen.plain and self.screen.stream.isatty():
            # Cleared to the top, what was there stays in the scrollback of most terminals.
            self.screen.stream.write("\x1b[H\x1b[2J")
        self.screen.show(lines)
        self._told = False
        self.screen.show([self._footer()])

    def _footer(self) -> Line:
        at = time.strftime("%H:%M:%S")
        help_ = KEYS if self._keys else "ctrl-C ends"
        return Line("quiet", f"{at} watching {self.exercise.id}.  {help_}")
