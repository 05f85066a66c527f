"""The theory of operation names modules that exist, and costs nothing to import."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from autograder import sandbox

ROOM = Path(sandbox.__file__).parent


def test_it_names_modules_that_exist() -> None:
    assert sandbox.__doc__ is not None
    names = re.findall(r"``((?:\w+/)*(?:\w+\.py|\w+/))``", sandbox.__doc__)
    assert len(names) > 15
    roots = (ROOM, ROOM.parent.parent)
    assert not [name for name in names if not any((root / name).exists() for root in roots)]


def test_each_module_on_the_judge_s_side_is_named() -> None:
    """All but the one that says how to set a machine up: a new module is given its place there."""
    assert sandbox.__doc__ is not None
    for path in ROOM.glob("*.py"):
        assert path.name in ("__init__.py", "remedy.py") or f"``{path.name}``" in sandbox.__doc__


def test_importing_the_package_imports_nothing() -> None:
    body = ast.parse((ROOM / "__init__.py").read_text(encoding="utf-8")).body
    assert [type(node) for node in body] == [ast.Expr]
