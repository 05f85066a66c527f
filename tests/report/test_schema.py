"""What is written into ``results.jsonl`` is what its schema says, for every verdict there is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path

import jsonschema
import pytest

from autograder.model import SCHEMA, CheckResult, Result, Verdict, Walls
from autograder.report.jsonl import read_jsonl, write_jsonl
from tests.results_schema import problems, schema

TESTS = Path(__file__).resolve().parents[1]
CHECK = CheckResult("test_a", "A title.", Verdict.PASSED, 2.0, 2.0, public=True)
RESULT = Result("ann", "double", "5f0c", (CHECK,), 4, Verdict.PASSED)


def variants() -> Iterator[Result]:
    """Results with every verdict, of the exercise and of its check, and every optional field."""
    for verdict in Verdict:
        yield replace(RESULT, verdict=verdict, checks=(), seed="", message="A message.")
        if verdict is not Verdict.PARTLY:
            check = replace(CHECK, verdict=verdict, points=0.0, message="It did.", hint="Try it.")
            yield replace(RESULT, verdict=verdict, checks=(check, CHECK))
    waiting = replace(CHECK, verdict=Verdict.DEFERRED, points=0.0, needs=("gpu", "cores"))
    yield replace(RESULT, verdict=Verdict.DEFERRED, checks=(waiting,))
    yield replace(RESULT, checks=(replace(CHECK, fault="Traceback", undecided=True, seconds=0.2),))
    yield replace(RESULT, walls=Walls.NONE, review=("line 3: sys.settrace",))
    yield replace(RESULT, graded_with="Python 3.12.3")


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    assert schema()["properties"]["schema"]["const"] == SCHEMA
    assert schema()["$defs"]["verdict"]["enum"] == [str(verdict) for verdict in Verdict]


def test_every_variant_is_valid_and_read_back(tmp_path: Path) -> None:
    results = list(variants())
    for result in results:
        assert problems(json.loads(json.dumps(result.as_dict()))) == []
    path = tmp_path / "results.jsonl"
    write_jsonl(path, results)
    assert read_jsonl(path) == results


def test_every_field_is_described_and_every_description_is_of_a_field() -> None:
    written: set[str] = set()
    checks: set[str] = set()
    for result in variants():
        values = result.as_dict()
        written |= set(values)
        checks |= {name for check in values["checks"] for name in check}
    assert written == set(schema()["properties"])
    assert checks == set(schema()["$defs"]["check"]["properties"])
    assert checks == {field.name for field in fields(CheckResult)}


@pytest.mark.parametrize(
    "change",
    [
        {"schema": SCHEMA + 1},
        {"verdict": "excellent"},
        {"points": -1},
        {"points": "1"},
        {"message": ""},
        {"sandboxed": True},
        {"walls": "bubblewrap"},
        {"grade": "A"},
        {"checks": [{**CHECK.as_dict(), "verdict": "partly there"}]},
        {"checks": [{**CHECK.as_dict(), "note": ""}]},
    ],
)
def test_other_lines_are_not_valid(change: dict[str, object]) -> None:
    assert problems({**RESULT.as_dict(), **change})


@pytest.mark.parametrize("missing", ["schema", "student", "verdict", "checks"])
def test_a_line_without_a_required_field_is_not_valid(missing: str) -> None:
    values = RESULT.as_dict()
    del values[missing]
    assert problems(values)
