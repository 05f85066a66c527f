"""Saves of a workspace's exercises, as events: from the file system, and from looks at a file."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

from autograder.kata.events import Event, Lost, Saved
from autograder.kata.workspace import Workspace
from autograder.outline import Exercise

_SETTLE = 10  # ms without another change after which a save counts as finished
_AGAIN = 0.5  # s within which an event without a change in the file is an editor's afterthought


class Saves:
    """Puts a :class:`~autograder.kata.events.Saved` wherever an exercise's file was written."""

    def __init__(self, workspace: Workspace, put: Callable[[Event], None]) -> None:
        self._workspace, self._put = workspace, put
        self._stopped = threading.Event()
        self._seen: dict[str, tuple[float, bytes | None]] = {}

    def watch(self) -> None:
        """Watch the folder until :meth:`stop`; :class:`~autograder.kata.events.Lost` while it is
        not there."""
        from watchfiles import watch

        folder = self._workspace.root / "exercises"
        exercises = self._workspace.course.exercises
        by_path = {self._workspace.path(e).resolve(): e for e in exercises}
        while not self._stopped.is_set():
            try:
                for changes in watch(
                    folder,
                    stop_event=self._stopped,
                    step=_SETTLE,
                    debounce=200,
                    rust_timeout=500,
                    yield_on_timeout=False,
                    watch_filter=None,
                    raise_interrupt=False,
                ):
                    for path in {Path(name).resolve() for _, name in changes}:
                        if path in by_path:
                            self._put(Saved(by_path[path]))
                return
            except (OSError, RuntimeError) as error:
                # The folder was moved or removed: look again until it is back.
                self._put(Lost(str(error)))
                while not folder.is_dir() and not self._stopped.wait(0.5):
                    continue

    def stop(self) -> None:
        """Let :meth:`watch` return."""
        self._stopped.set()

    def stamp(self, exercise: Exercise) -> tuple[int, int] | None:
        """Time and size of an exercise's file; None where it is gone."""
        try:
            status = self._workspace.path(exercise).stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size

    def is_new(self, exercise: Exercise, *, watched: str) -> bool:
        """Whether a save changed the file, or was meant to have it checked again.

        ``watched`` is the id of the exercise that is on the screen.
        """
        try:
            content: bytes | None = self._workspace.path(exercise).read_bytes()
        except OSError:
            content = None
        before = self._seen.get(exercise.id)
        now = time.monotonic()
        afterthought = before is not None and before[1] == content and now - before[0] < _AGAIN
        if afterthought and exercise.id == watched:
            return False
        self._seen[exercise.id] = (now, content)
        return True
