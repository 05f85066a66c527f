"""Results in a database that a URL names: PostgreSQL, MySQL, or a file of SQLite, by SQLAlchemy.

The tables are those of the default store (:mod:`autograder.grading.store`), so each reads what the
other has written. Imported only for a run with a URL: SQLAlchemy takes longer to import than one
small answer to grade (``docs/decisions/0031-cheap-starts.md``).
"""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from autograder.grading.store import StoreError, decoded, row
from autograder.model import Result
from autograder.sandbox import masking

_metadata = sa.MetaData()
_graded = sa.Table(
    "kata_graded",
    _metadata,
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("exercise", sa.String(200), nullable=False),
    sa.Column("result", sa.Text, nullable=False),
    sa.Column("graded_at", sa.String(40), nullable=False),
)
_meta = sa.Table(
    "kata_meta",
    _metadata,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)


def private_paths(url: str) -> tuple[Path, ...]:
    """What a submission must not see of a database: nothing where it is a server's."""
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError:
        return ()
    name = (parsed.database or "").removeprefix("file:")
    if parsed.get_backend_name() != "sqlite" or name in ("", ":memory:"):
        return ()
    return tuple(masking.database(Path(name)))


def shown_url(url: str) -> str:
    """A database's URL for a message: without its password, or as it is where it is not a URL."""
    try:
        return sa.make_url(url).render_as_string()
    except sa.exc.ArgumentError:
        return url


def database_url(path: Path) -> str:
    """The URL of an SQLite file, as text: its name may hold what means something in a URL."""
    url = sa.URL.create("sqlite", database=str(path.absolute()))
    try:
        return url.render_as_string(hide_password=False)
    except UnicodeEncodeError:  # bytes that are no text cannot be quoted
        return f"sqlite:///{path.absolute()}"


class DatabaseStore:
    """The :class:`~autograder.grading.store.Store` at ``url``, an SQLAlchemy URL."""

    def __init__(self, url: str) -> None:
        self._shown: str | None = url
        with self._used():
            parsed = sa.make_url(url)
            local = parsed.get_backend_name() == "sqlite"
            self._shown = parsed.database or ":memory:" if local else parsed.render_as_string()
            # A server may have been restarted between two results.
            self._engine = sa.create_engine(parsed, pool_pre_ping=not local)
            self._create()

    @contextlib.contextmanager
    def _used(self) -> Iterator[None]:
        """Say which store it is, and in one line why it cannot be used."""
        try:
            yield
        except (sa.exc.SQLAlchemyError, ImportError, OSError, ValueError) as error:
            reason = (str(error).splitlines() or [type(error).__name__])[0]
            raise StoreError(f"the store {self._shown} cannot be used: {reason}") from error

    def get(self, keys: Iterable[str]) -> dict[str, Result]:
        """See :class:`~autograder.grading.store.Store`."""
        wanted = sorted(set(keys))
        stored: dict[str, Result] = {}
        with self._used(), self._engine.connect() as connection:
            for start in range(0, len(wanted), 500):
                query = sa.select(_graded.c.key, _graded.c.result).where(
                    _graded.c.key.in_(wanted[start : start + 500])
                )
                for found in connection.execute(query):
                    result = decoded(found.result)
                    if result is not None:
                        stored[found.key] = result
        return stored

    def put(self, key: str, result: Result) -> None:
        """See :class:`~autograder.grading.store.Store`."""
        self._upsert(_graded, "key", row(key, result))

    def meta(self, name: str) -> str | None:
        """See :class:`~autograder.grading.store.Store`."""
        with self._used(), self._engine.connect() as connection:
            value = connection.scalar(sa.select(_meta.c.value).where(_meta.c.name == name))
        return None if value is None else str(value)

    def set_meta(self, name: str, value: str | None) -> None:
        """See :class:`~autograder.grading.store.Store`."""
        if value is None:
            with self._used(), self._engine.begin() as connection:
                connection.execute(sa.delete(_meta).where(_meta.c.name == name))
        else:
            self._upsert(_meta, "name", {"name": name, "value": value})

    def meta_or(self, name: str, value: str) -> str:
        """See :class:`~autograder.grading.store.Store`."""
        self._upsert(_meta, "name", {"name": name, "value": value}, keep=True)
        return self.meta(name) or value

    def _create(self) -> None:
        """Make the tables; of several that make them at once, all but one find them there."""
        for _ in _metadata.sorted_tables:
            with contextlib.suppress(sa.exc.IntegrityError, sa.exc.ProgrammingError):
                return _metadata.create_all(self._engine)
        _metadata.create_all(self._engine)

    def _upsert(
        self, table: sa.Table, primary: str, values: dict[str, Any], *, keep: bool = False
    ) -> None:
        """Write a row in place of the one of the same key, which stays where ``keep`` is true.

        Several coordinators may write the same key at once, so it is one statement where the
        database has it.
        """
        with self._used(), self._engine.begin() as connection:
            dialect = self._engine.dialect.name
            if dialect in ("sqlite", "postgresql"):
                # Imported here: most runs have no PostgreSQL, and its dialect takes a while.
                maker: Any = importlib.import_module(f"sqlalchemy.dialects.{dialect}").insert
                insert = maker(table).values(**values)
                others = {k: v for k, v in values.items() if k != primary}
                connection.execute(
                    insert.on_conflict_do_nothing()
                    if keep
                    else insert.on_conflict_do_update(index_elements=[primary], set_=others)
                )
                return
            same = table.c[primary] == values[primary]
            if keep and connection.scalar(sa.select(sa.func.count()).where(same)):
                return
            connection.execute(sa.delete(table).where(same))
            connection.execute(sa.insert(table).values(**values))

    def close(self) -> None:
        """See :class:`~autograder.grading.store.Store`."""
        self._engine.dispose()
