"""What nbgrader makes again for each notebook and cell, made once per run.

nbgrader opens its gradebook eight times per notebook, each time with a connection and an engine
that compiles every statement again, and checks the schema of its metadata for every cell. That is
half of the time of an entry (``python -m bench weather``). What is stored is the same, and so are
the transactions.
"""

from __future__ import annotations

import contextlib
import functools
import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import sqlalchemy as sa
from nbgrader import api
from nbgrader.nbgraderformat import common


class _Validating:
    """In place of the module ``jsonschema`` in nbgrader: a schema is checked once."""

    def __init__(self) -> None:
        self._validators: dict[str, Any] = {}

    def validate(self, instance: Any, schema: Any) -> None:
        """As ``jsonschema.validate``."""
        text = json.dumps(schema)
        if text not in self._validators:
            kind = jsonschema.validators.validator_for(schema)
            kind.check_schema(schema)
            self._validators[text] = kind(schema)
        error = jsonschema.exceptions.best_match(self._validators[text].iter_errors(instance))
        if error is not None:
            raise error

    def __getattr__(self, name: str) -> Any:
        return getattr(jsonschema, name)


@contextlib.contextmanager
def one_engine() -> Iterator[None]:
    """Within, nbgrader has one engine per database, whose tables are looked for once, and one
    validator per schema."""
    made: list[sa.Engine] = []
    tables = api.Base.metadata

    @functools.cache
    def engine(*arguments: Any, **options: Any) -> sa.Engine:
        one = sa.create_engine(*arguments, **options)
        one.dispose = lambda close=True: None  # type: ignore[method-assign]
        made.append(one)
        return one

    @functools.cache
    def create_all(bind: sa.Engine) -> None:
        type(tables).create_all(tables, bind=bind)

    api.create_engine, common.jsonschema, tables.create_all = engine, _Validating(), create_all
    try:
        yield
    finally:
        api.create_engine, common.jsonschema = sa.create_engine, jsonschema
        del tables.create_all
        for one in made:
            type(one).dispose(one)
