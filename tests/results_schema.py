"""The schema of ``results.jsonl``, closed: a field that it does not describe is an error here."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import autograder
from autograder import environment

environment.without_slow_imports()  # for every test: conftest.py imports this module

import jsonschema  # noqa: E402

PATH = Path(autograder.__file__).parent / "report" / "results.schema.json"


def schema() -> dict[str, Any]:
    """The schema as it is shipped."""
    values: dict[str, Any] = json.loads(PATH.read_text(encoding="utf-8"))
    return values


@cache
def _validator() -> jsonschema.Draft202012Validator:
    closed = schema()
    for described in (closed, closed["$defs"]["check"]):
        described["additionalProperties"] = False
    return jsonschema.Draft202012Validator(closed)


def problems(values: dict[str, Any]) -> list[str]:
    """What is wrong with one line of ``results.jsonl``."""
    return [f"{e.json_path}: {e.message}" for e in _validator().iter_errors(values)]
