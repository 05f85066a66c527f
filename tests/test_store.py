"""The store keeps results by content, in SQLite or wherever its URL says."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from autograder.grading.database import DatabaseStore, database_url, shown_url
from autograder.grading.digest import grader_digest
from autograder.grading.file_store import FileStore
from autograder.grading.store import Store, StoreError, key
from autograder.model import CheckResult, Result, Verdict, Walls


def result(points: float = 1.0) -> Result:
    check = CheckResult("test_a", "A", Verdict.PASSED, points, 1.0, True, "m", "h", 0.5)
    return Result("ann", "double", "seed", (check,), 1.0, Verdict.PASSED)


@pytest.fixture(params=["file", "sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "file":
        return FileStore.in_folder(tmp_path)
    if request.param == "sqlite":
        return DatabaseStore(f"sqlite:///{tmp_path}/s.db")
    return DatabaseStore(request.getfixturevalue("postgres"))


def test_round_trip(store: Store) -> None:
    store.put("k1", result())
    store.put("k1", result(0.5))
    assert store.get(["k1", "k2"]) == {"k1": result(0.5)}
    assert store.get([]) == {}
    store.set_meta("seed", "x")
    store.set_meta("seed", "y")
    assert store.meta("seed") == "y"
    store.set_meta("seed", None)
    assert store.meta("seed") is None
    store.close()


def test_a_file_is_the_same_with_a_url(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"

    def opened(kind: type) -> Store:
        store: Store = kind(path if kind is FileStore else f"sqlite:///{path}")
        return store

    layouts = []
    for first, second in ((FileStore, DatabaseStore), (DatabaseStore, FileStore)):
        with contextlib.closing(opened(first)) as one:
            one.put("k1", result())
            assert one.meta_or("seed", "a") == "a"
        with contextlib.closing(opened(second)) as other:
            assert other.get(["k1"]) == {"k1": result()}
            other.put("k1", result(0.5))
            assert other.meta_or("seed", "b") == "a"
        with contextlib.closing(opened(first)) as one:
            assert one.get(["k1"]) == {"k1": result(0.5)}
        with contextlib.closing(sqlite3.connect(path)) as raw:
            columns = "select m.name, c.* from sqlite_master m, pragma_table_info(m.name) c"
            layouts.append(
                raw.execute(f"{columns} where m.type = 'table' order by 1, 2").fetchall()
            )
        path.unlink()
    assert layouts[0] == layouts[1]


def test_many_keys(store: Store) -> None:
    for n in range(3):
        store.put(f"many{n}", result())
    assert len(store.get([f"many{n}" for n in range(2000)])) == 3
    store.close()


def test_keys_follow_what_marks_depend_on(toy, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    exercise = toy.exercise("double")
    digest = grader_digest(toy, exercise)
    assert digest == grader_digest(toy, exercise)
    private = tmp_path / "test_double_x.py"
    private.write_text("x")
    keys = {
        key(b"a", digest, None, Walls.NAMESPACES),
        key(b"b", digest, None, Walls.NAMESPACES),
        key(b"a", digest, "7", Walls.NAMESPACES),
        key(b"a", digest, None, Walls.NONE),
        key(b"a", grader_digest(toy, exercise, [private]), None, Walls.NAMESPACES),
        key(b"a", grader_digest(toy, toy.exercise("stack")), None, Walls.NAMESPACES),
    }
    keys |= {key(b"a", digest, None, walls) for walls in Walls}
    assert len(keys) == 6 + 2


def test_several_coordinators_write_at_once(postgres: str) -> None:
    """In one database, which is empty, and about the same answers."""
    server = sa.create_engine(postgres, isolation_level="AUTOCOMMIT")
    with contextlib.closing(server.connect()) as connection:
        connection.execute(sa.text("CREATE DATABASE coordinators"))
    url = postgres.replace("/postgres?", "/coordinators?")
    together = threading.Barrier(6)
    keys = [f"k{n}" for n in range(40)]

    def coordinate(number: int) -> tuple[str, dict[str, Result]]:
        together.wait(60)
        with contextlib.closing(DatabaseStore(url)) as store:
            together.wait(60)
            seed = store.meta_or("seed", str(number))
            for name in keys[::-1] if number % 2 else keys:
                store.put(name, result(number / 10))
            together.wait(60)
            return seed, store.get(keys)

    with ThreadPoolExecutor(6) as pool:
        seeds, found = zip(*pool.map(coordinate, range(6)), strict=True)
    with contextlib.closing(server.connect()) as connection:
        connection.execute(sa.text("DROP DATABASE coordinators WITH (FORCE)"))
    server.dispose()
    assert len(set(seeds)) == 1
    assert found[0].keys() == set(keys) and all(each == found[0] for each in found)


def test_unusable_urls(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be used"):
        DatabaseStore("martian://somewhere")
    with pytest.raises(StoreError, match="cannot be used"):
        DatabaseStore(f"sqlite:///{tmp_path}/no/such/folder/x.sqlite")
    (tmp_path / "text.sqlite").write_text("this is no database, whatever its name says" * 99)
    with pytest.raises(StoreError, match="cannot be used"):
        DatabaseStore(f"sqlite:///{tmp_path}/text.sqlite")
    for path in (tmp_path / "no" / "folder", tmp_path / "text.sqlite", tmp_path / "a\0b"):
        with pytest.raises(StoreError, match="cannot be used"):
            FileStore(path)


@pytest.mark.parametrize("name", ["q?x=1", "p%20q", "h#sh", "é 山", "a&b=c;d", "plain"])
def test_a_url_for_any_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    store = DatabaseStore(database_url(tmp_path / name / "x.db"))
    store.put("k", result())
    store.close()
    assert [p.name for p in tmp_path.iterdir()] == [name]
    assert [p.name for p in (tmp_path / name).iterdir()] == ["x.db"]
    # What nbgrader makes of a folder by itself, where that would do.
    assert name != "plain" or database_url(tmp_path / "x.db") == f"sqlite:///{tmp_path}/x.db"


def test_a_store_that_fails_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "w?x=1#y%41"
    folder.mkdir()
    store = FileStore.in_folder(folder)
    store.put("k", result())
    assert [p.name for p in tmp_path.iterdir()] == [folder.name]
    with contextlib.closing(sqlite3.connect(folder / "store.sqlite")) as other:
        other.execute("drop table kata_graded")
        other.execute("drop table kata_meta")
        other.commit()
    for use in (
        lambda: store.get(["k"]),
        lambda: store.put("k", result()),
        lambda: store.meta("seed"),
        lambda: store.set_meta("seed", "x"),
        lambda: store.set_meta("seed", None),
    ):
        with pytest.raises(StoreError, match="no such table"):
            use()
    store.close()


@pytest.mark.parametrize("row", ["", "{", "null", "[]", '{"checks": 1}', "[" * 100_000, b"\xff"])
def test_a_row_that_cannot_be_read_is_not_graded_yet(tmp_path: Path, row: str | bytes) -> None:
    store = FileStore.in_folder(tmp_path)
    store.put("good", result())
    store.put("bad", result())
    with contextlib.closing(sqlite3.connect(tmp_path / "store.sqlite")) as other:
        other.execute("update kata_graded set result = ? where key = 'bad'", (row,))
        other.commit()
    assert store.get(["good", "bad"]) == {"good": result()}
    store.put("bad", result())
    assert set(store.get(["good", "bad"])) == {"good", "bad"}
    store.close()


def test_a_text_that_is_not_utf_8_is_not_graded_yet(tmp_path: Path) -> None:
    store = FileStore.in_folder(tmp_path)
    store.put("good", result())
    store.put("bad", result())
    with contextlib.closing(sqlite3.connect(tmp_path / "store.sqlite")) as other:
        other.execute("update kata_graded set result = cast(x'22ff22' as text) where key = 'bad'")
        other.commit()
    assert store.get(["good", "bad"]) == {"good": result()}
    store.close()


@pytest.mark.parametrize("url", ["", "x", "sqlite:////nowhere/at/all/x", "sqlite:///a\0b", "é://"])
def test_urls_that_mean_nothing(url: str) -> None:
    with pytest.raises(StoreError, match="cannot be used"):
        DatabaseStore(url)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("nonsense", "nonsense"),
        ("postgresql://u:secret@localhost/x", "postgresql://u:***@localhost/x"),
        ("sqlite:////tmp/x.db", "sqlite:////tmp/x.db"),
    ],
)
def test_a_url_in_a_message(url: str, shown: str) -> None:
    assert shown_url(url) == shown
