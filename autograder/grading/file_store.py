"""Results in a file of SQLite: the default store, by the standard library."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from autograder.grading.store import StoreError, decoded, row
from autograder.model import Result

_TABLES = (
    "CREATE TABLE IF NOT EXISTS kata_graded (key VARCHAR(64) NOT NULL PRIMARY KEY, "
    "exercise VARCHAR(200) NOT NULL, result TEXT NOT NULL, graded_at VARCHAR(40) NOT NULL)",
    "CREATE TABLE IF NOT EXISTS kata_meta (name VARCHAR(64) NOT NULL PRIMARY KEY, "
    "value TEXT NOT NULL)",
)
_KEYS_AT_ONCE = 500  # an older SQLite takes 999 values in a statement

Row = tuple[bytes, ...]


class FileStore:
    """The :class:`~autograder.grading.store.Store` in a file of SQLite."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._used():
            # One at a time uses it, and not always in the thread that opened it.
            self._connection = sqlite3.connect(path, check_same_thread=False)
            # As it is: one damaged text must not keep the others from being read.
            self._connection.text_factory = bytes
        try:
            self._run("PRAGMA cache_size = -128")  # KiB; a row is asked for once
            for table in _TABLES:
                self._run(table)
        except StoreError:
            self._connection.close()
            raise

    @contextlib.contextmanager
    def _used(self) -> Iterator[None]:
        """Say which store it is, and in one line why it cannot be used."""
        try:
            yield
        except (sqlite3.Error, OSError, ValueError) as error:
            reason = (str(error).splitlines() or [type(error).__name__])[0]
            raise StoreError(f"the store {self._path} cannot be used: {reason}") from error

    @classmethod
    def in_folder(cls, folder: Path) -> FileStore:
        """The default store of an output folder."""
        path = folder / "store.sqlite"
        if path.is_symlink():
            raise StoreError(f"{path} is a symbolic link, and nothing is written through one")
        return cls(path)

    def _run(self, statement: str, values: Sequence[str] = ()) -> list[Row]:
        """One statement, committed; the rows that it finds."""
        with self._used(), self._connection:
            return self._connection.execute(statement, values).fetchall()

    def get(self, keys: Iterable[str]) -> dict[str, Result]:
        """See :class:`~autograder.grading.store.Store`."""
        wanted = sorted(set(keys))
        stored: dict[str, Result] = {}
        for start in range(0, len(wanted), _KEYS_AT_ONCE):
            some = wanted[start : start + _KEYS_AT_ONCE]
            places = ",".join("?" * len(some))
            rows = self._run(f"SELECT key, result FROM kata_graded WHERE key IN ({places})", some)
            for key, text in rows:
                result = decoded(text)
                if result is not None:
                    stored[key.decode()] = result
        return stored

    def put(self, key: str, result: Result) -> None:
        """See :class:`~autograder.grading.store.Store`."""
        values = row(key, result)
        names, places = ", ".join(values), ", ".join("?" * len(values))
        self._run(
            f"INSERT OR REPLACE INTO kata_graded ({names}) VALUES ({places})", [*values.values()]
        )

    def meta(self, name: str) -> str | None:
        """See :class:`~autograder.grading.store.Store`."""
        rows = self._run("SELECT value FROM kata_meta WHERE name = ?", [name])
        return rows[0][0].decode(errors="replace") if rows else None

    def set_meta(self, name: str, value: str | None) -> None:
        """See :class:`~autograder.grading.store.Store`."""
        if value is None:
            self._run("DELETE FROM kata_meta WHERE name = ?", [name])
        else:
            self._run("INSERT OR REPLACE INTO kata_meta (name, value) VALUES (?, ?)", [name, value])

    def meta_or(self, name: str, value: str) -> str:
        """See :class:`~autograder.grading.store.Store`."""
        self._run("INSERT OR IGNORE INTO kata_meta (name, value) VALUES (?, ?)", [name, value])
        return self.meta(name) or value

    def close(self) -> None:
        """See :class:`~autograder.grading.store.Store`."""
        self._connection.close()
