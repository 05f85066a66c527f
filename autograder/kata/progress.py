"""``.kata/progress.json``: what was passed, which hints were shown, which answers looked up.

One small versioned file. Every change is a read, a change and an atomic replacement under a
lock, so two terminals lose nothing of one another's. Keys that this version does not know
are kept: a file that a newer version wrote and an older one touched is still whole.
"""

from __future__ import annotations

import contextlib
import datetime
import errno
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from autograder.errors import KataError

VERSION = 2
FILE = "progress.json"
_LOCK_WAIT = 10.0  # seconds; a change takes milliseconds


class ProgressError(KataError):
    """The progress file cannot be used; the message names it and says what to do."""


State = Literal["passed", "public passed", "tried", "new"]
"""``public passed``: everything that can run here, and hidden checks run at grading."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far one exercise is. Times are ISO 8601 with an offset, empty where never.

    ``passed`` and ``total`` are counts of the last check, ``hidden`` is how many more run at
    grading; ``done`` says when all that can run here first passed, ``gave_up`` when the solution
    was asked for before that.
    """

    hints: int = 0
    done: str = ""
    gave_up: str = ""
    checked: str = ""
    passed: int = 0
    total: int = 0
    hidden: int = 0
    runs: int = 0

    @property
    def state(self) -> State:
        """Whether it was ever passed, or at least checked."""
        if self.done:
            return "public passed" if self.hidden else "passed"
        return "tried" if self.checked else "new"


def now() -> str:
    """This moment, as the file records it."""
    return datetime.datetime.now().astimezone().isoformat(timespec="seconds")


def _from_1(data: dict[str, Any]) -> dict[str, Any]:
    """Version 1 was a flat list: ``{"version": 1, "passed": [id, …], "hints": {id: n}}``."""
    exercises: dict[str, dict[str, Any]] = {}
    for id in data.pop("passed", []):
        exercises.setdefault(str(id), {})["done"] = data.get("started", "") or "unknown"
    for id, count in data.pop("hints", {}).items():
        exercises.setdefault(str(id), {})["hints"] = count
    return {**data, "version": 2, "exercises": exercises}


_UPGRADES: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {1: _from_1}
"""From each older version to the next."""


class Progress:
    """The progress file in ``folder`` (``.kata`` of a workspace); read again at every look."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE

    def _read(self) -> dict[str, Any]:
        try:
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return {"version": VERSION, "exercises": {}}
        except (OSError, UnicodeDecodeError) as error:
            raise ProgressError(f"{self.path} cannot be read: {error}") from None
        try:
            data = json.loads(text)
            version = data["version"]
        except (ValueError, KeyError, TypeError):
            raise ProgressError(
                f"{self.path} is not a progress file: it was cut off or edited. "
                "Move it away to start a new one; your exercises are not in it."
            ) from None
        if not isinstance(version, int) or version > VERSION:
            raise ProgressError(
                f"{self.path} was written by a newer kata (version {version!r}; this one knows "
                f"{VERSION}): upgrade with `pip install --upgrade kata-course`."
            )
        while version < VERSION:
            data = _UPGRADES[version](data)
            version = data["version"]
        if not isinstance(data.get("exercises"), dict):
            data["exercises"] = {}
        return data  # type: ignore[no-any-return]

    def standings(self) -> dict[str, Standing]:
        """Every exercise that something is known of; :class:`ProgressError` if unreadable."""
        standings = {}
        for id, entry in self._read()["exercises"].items():
            standings[str(id)] = _standing(entry if isinstance(entry, dict) else {})
        return standings

    def standing(self, id: str) -> Standing:
        """One exercise's standing."""
        return self.standings().get(id, Standing())

    def change(self, id: str, change: Callable[[Standing], dict[str, Any]]) -> Standing:
        """Update an exercise by what ``change`` returns for its present standing.

        Raises :class:`ProgressError` where that cannot be saved; the file is then unchanged.
        """
        with _locked(self.path):
            data = self._read()
            entry = data["exercises"].get(id)
            entry = entry if isinstance(entry, dict) else {}
            entry = {**entry, **change(_standing(entry))}
            data["exercises"][id] = {k: v for k, v in entry.items() if v not in ("", None)}
            self._write(data)
        return _standing(entry)

    def _write(self, data: dict[str, Any]) -> None:
        from autograder.text.atomic import replacing

        with _worded(self.path), replacing(self.path) as file:
            json.dump(data, file, indent=1, ensure_ascii=False)
            file.write("\n")

    # -- the changes that there are --------------------------------------------------------

    def note_check(
        self, id: str, passed: int, total: int, all_passed: bool, hidden: int = 0
    ) -> Standing:
        """A check was run: ``passed`` of ``total``; ``all_passed`` makes the exercise done, as far
        as it can be where ``hidden`` checks run at grading."""

        def change(old: Standing) -> dict[str, Any]:
            done = old.done or (now() if all_passed else "")
            counts = {"passed": passed, "total": total, "runs": old.runs + 1}
            return {"checked": now(), "done": done, "hidden": hidden or None, **counts}

        return self.change(id, change)

    def note_hint(self, id: str, most: int) -> Standing:
        """One more hint is shown, up to ``most``."""
        return self.change(id, lambda old: {"hints": min(most, old.hints + 1)})

    def note_gave_up(self, id: str) -> Standing:
        """The solution was asked for before the exercise was passed."""
        return self.change(id, lambda old: {"gave_up": old.gave_up or now()})

    def note_reset(self, id: str) -> Standing:
        """The exercise starts over; hints and a look at the solution stay remembered."""
        blank = {"done": "", "checked": "", "passed": 0, "total": 0, "hidden": None}
        return self.change(id, lambda old: blank)


def _standing(entry: dict[str, Any]) -> Standing:
    def count(key: str) -> int:
        value = entry.get(key, 0)
        return value if type(value) is int and value >= 0 else 0

    def text(key: str) -> str:
        value = entry.get(key, "")
        return value if isinstance(value, str) else ""

    return Standing(
        hints=count("hints"),
        done=text("done"),
        gave_up=text("gave_up"),
        checked=text("checked"),
        passed=count("passed"),
        total=count("total"),
        hidden=count("hidden"),
        runs=count("runs"),
    )


@contextlib.contextmanager
def _worded(path: Path) -> Any:
    """Errors of the file system, in words."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            why = "the disk is full"
        elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            why = "the workspace is read-only"
        else:
            why = error.strerror or str(error)
        raise ProgressError(f"progress was not saved in {path}: {why}.") from None


@contextlib.contextmanager
def _locked(path: Path) -> Any:
    """One writer at a time, whichever terminal it runs in."""
    import filelock

    with _worded(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(path.with_name("lock"), timeout=_LOCK_WAIT)
        try:
            lock.acquire()
        except filelock.Timeout:
            raise ProgressError(
                f"progress was not saved: another kata has held {path.with_name('lock')} for "
                f"{_LOCK_WAIT:g} s. Is one of them stopped (ctrl-Z)?"
            ) from None
    try:
        yield
    finally:
        lock.release()
