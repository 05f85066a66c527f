"""What nbgrader makes once per run instead of once per notebook changes nothing that it stores."""

from __future__ import annotations

import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("nbgrader")

import jsonschema
import sqlalchemy as sa
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader import api
from nbgrader.nbgraderformat import MetadataValidator, common
from nbgrader.nbgraderformat.common import ValidationError

from autograder.gradebook import ahead, reuse
from autograder.grading.database import database_url
from autograder.ingest.readers import Reply, Request

PARTS = {"grade_id": "a", "grade": False, "solution": True, "locked": False, "schema_version": 3}


def fill(url: str, student: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with api.Gradebook(url) as book:
            book.update_or_create_assignment("one")
            book.update_or_create_student(student)


def students(url: str) -> list[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with api.Gradebook(url) as book:
            return sorted(s.id for s in book.students)


def test_one_engine_stores_what_many_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "get_alembic_version", lambda: "1")  # else it starts a program
    one, many = (database_url(tmp_path / name) for name in ("one.db", "many.db"))
    with reuse.one_engine():
        for name in ("ann", "bob"):
            fill(one, name)
        with api.Gradebook(one) as first, api.Gradebook(one) as second:
            assert first.engine is second.engine
            assert first.db is not second.db
        fill(database_url(tmp_path / "other.db"), "eve")
    for name in ("ann", "bob"):
        fill(many, name)
    assert students(one) == students(many) == ["ann", "bob"]
    assert students(database_url(tmp_path / "other.db")) == ["eve"]


def test_nbgrader_is_as_it_was_afterwards(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), reuse.one_engine():
        raise RuntimeError
    assert api.create_engine is sa.create_engine
    assert common.jsonschema is jsonschema
    assert "create_all" not in vars(api.Base.metadata)


@pytest.mark.parametrize(
    "change",
    [{}, {"grade_id": 3}, {"grade_id": "a b"}, {"grade": "yes"}, {"points": -1}, {"more": 1}],
)
def test_metadata_is_validated_alike(change: dict[str, Any]) -> None:
    cell = new_code_cell("", metadata={"nbgrader": PARTS | change})

    def said() -> str:
        try:
            MetadataValidator().validate_nb(new_notebook(cells=[cell]))
        except ValidationError as error:
            return str(error)
        return ""

    expected = said()
    with reuse.one_engine():
        assert [said(), said()] == [expected, expected]


def test_only_what_was_begun_is_taken_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def read(request: Request) -> Reply:
        asked.append(request.arguments)
        return Reply(list(request.arguments))

    monkeypatch.setattr(ahead, "read", read)
    replies = ahead.Ahead()
    replies.begin(Request("marked", ("a",)))
    assert replies.read(Request("marked", ("a",))).value == ["a"]
    assert asked == [("a",)]
    replies.begin(Request("marked", ("b",)))
    assert replies.read(Request("marked", ("c",))).value == ["c"]
    assert replies.read(Request("marked", ("b",))).value == ["b"]  # read again: it is older
    assert sorted(asked) == [("a",), ("b",), ("b",), ("c",)]


def test_what_reading_raises_is_raised_where_it_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(request: Request) -> Reply:
        raise OSError("no process")

    monkeypatch.setattr(ahead, "read", read)
    replies = ahead.Ahead()
    replies.begin(Request("marked", ("a",)))
    with pytest.raises(OSError, match="no process"):
        replies.read(Request("marked", ("a",)))


SLOW = """
from autograder import environment
environment.without_slow_imports()
import sys, nbformat
nbformat.validate(nbformat.v4.new_notebook())
assert not any(name == "lark" or name.startswith("lark.") for name in sys.modules)
from rfc3339_validator import validate_rfc3339  # others are left alone
"""


def test_nbformat_is_imported_without_parsers_of_addresses() -> None:
    subprocess.run([sys.executable, "-c", SLOW], check=True)
