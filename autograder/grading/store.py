"""Results by content: the same code under the same grader is not graded twice.

This is what every store has in common: a file of SQLite in the output folder by default
(:mod:`autograder.grading.file_store`), with a URL any database that SQLAlchemy knows
(:mod:`autograder.grading.database`). A result is committed as soon as it is there, so a run that is
killed has lost nothing but what was being graded.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import json
from collections.abc import Iterable
from typing import Protocol

from autograder import extras
from autograder.errors import KataError
from autograder.model import Result, Walls


class StoreError(KataError):
    """The store cannot be used; the message says which and why."""


_WALLS = {Walls.NAMESPACES: "walls", Walls.NONE: "open"}  # as keys called them from the first on


def key(
    source: bytes, grader: str, seed: str | None, walls: Walls, files: extras.Files = ()
) -> str:
    """Key of a result. A seed that was asked for is part of it; a secret one is not. What the
    submission ran behind is part of it, too.

    ``files`` lie beside the answer: where there are none, they leave the key as it is.
    """
    parts = [hashlib.sha256(source).hexdigest(), grader, seed or ""]
    parts.append(_WALLS.get(walls, str(walls)))
    parts += [extras.digest(files)] if files else []
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


class Store(Protocol):
    """You provide a place that keeps results and a few named values.

    Every method raises :class:`StoreError` where the store cannot be used, full disks included.
    """

    def get(self, keys: Iterable[str]) -> dict[str, Result]:
        """The stored results among ``keys``; one that cannot be read is left out."""

    def put(self, key: str, result: Result) -> None:
        """Keep one result, in place of an older one under the same key."""

    def meta(self, name: str) -> str | None:
        """A named value of the store itself."""

    def set_meta(self, name: str, value: str | None) -> None:
        """Set a named value; None removes it."""

    def meta_or(self, name: str, value: str) -> str:
        """A named value; set to ``value`` if missing. Concurrent callers get the same one."""

    def close(self) -> None:
        """Release the connections."""


def row(key: str, result: Result) -> dict[str, str]:
    """A result as a row of the table, by column."""
    return {
        "key": key,
        "exercise": result.exercise,
        "result": json.dumps(result.as_dict()),
        "graded_at": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
    }


def decoded(text: str | bytes) -> Result | None:
    """What the column ``result`` holds; None where that cannot be read."""
    with contextlib.suppress(ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return Result.from_dict(json.loads(text))
    return None
