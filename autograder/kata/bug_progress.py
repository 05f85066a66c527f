"""``.kata/bugs.json``: which bugs were found and fixed, with how many hints."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from autograder.errors import KataError

FILE = "bugs.json"
FOUND, FIXED = 2, 1
"""Points for finding a bug, of which each hint costs one, and for fixing it."""
MOST = FOUND + FIXED


class BugProgressError(KataError):
    """The file cannot be used; the message names it and says what to do."""


@dataclass(frozen=True, slots=True)
class Hunt:
    """How far the bug of one exercise is. ``hints`` are those shown before it was found;
    ``proof`` is the call that proved it."""

    hints: int = 0
    calls: int = 0
    found: bool = False
    fixed: bool = False
    proof: str = ""

    @property
    def score(self) -> int:
        """Points so far, of :data:`MOST`."""
        return (max(0, FOUND - self.hints) if self.found else 0) + (FIXED if self.fixed else 0)


def hunts(folder: Path) -> dict[str, Hunt]:
    """Every bug that was begun; :class:`BugProgressError` for a file that cannot be read."""
    path = folder / FILE
    try:
        data = json.loads(path.read_text(encoding="utf-8"))["bugs"]
        return {str(id): _hunt(entry) for id, entry in data.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise BugProgressError(
            f"{path} cannot be read: it was cut off or edited. Move it away to start a new one."
        ) from None


def _hunt(entry: dict[str, Any]) -> Hunt:
    known = {f.name: f.type for f in fields(Hunt)}
    return Hunt(**{name: value for name, value in entry.items() if name in known})


def note(folder: Path, id: str, **changes: Any) -> Hunt:
    """Change what is known of one bug, under a lock; :class:`BugProgressError` if not saved."""
    import filelock

    from autograder.text.atomic import replacing

    path = folder / FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(folder / "bugs.lock", timeout=10):
            known = hunts(folder)
            known[id] = replace(known.get(id, Hunt()), **changes)
            data = {"version": 1, "bugs": {name: asdict(hunt) for name, hunt in known.items()}}
            with replacing(path) as file:
                json.dump(data, file, indent=1, ensure_ascii=False)
                file.write("\n")
    except (OSError, filelock.Timeout) as error:
        words = getattr(error, "strerror", None) or "another kata holds it"
        raise BugProgressError(f"{path} was not saved: {words}.") from None
    return known[id]


def summary(known: Iterable[Hunt], prepared: int) -> str:
    """One line for ``kata progress``; empty where no bug was begun."""
    hunted = list(known)
    if not hunted:
        return ""
    found, fixed = sum(h.found for h in hunted), sum(h.fixed for h in hunted)
    points = sum(h.score for h in hunted)
    return (
        f"Bugs: {found} found and {fixed} fixed of {prepared}, {points} of {MOST * prepared} points"
    )
