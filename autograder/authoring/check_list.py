"""The checks of a grader, read from its files and not run."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from autograder.model import KINDS


@dataclass(frozen=True, slots=True)
class Checks:
    """How many checks a grader has: by kind, and how many of them are public; and their names."""

    kinds: Counter[str]
    public: int
    names: tuple[str, ...] = ()


def checks(grader: Iterable[Path]) -> Checks:
    """The checks of a grader's files, read and not run."""
    kinds: Counter[str] = Counter()
    public = 0
    names: list[str] = []
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in grader]
    for node in (node for tree in trees for node in tree.body):
        if not isinstance(node, ast.FunctionDef) or not node.name.startswith("test_"):
            continue
        for decorator in node.decorator_list:
            if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "check":
                given = {k.arg: k.value for k in decorator.keywords}
                kind, shown = given.get("kind"), given.get("public")
                kinds[str(kind.value) if isinstance(kind, ast.Constant) else KINDS[0]] += 1
                public += isinstance(shown, ast.Constant) and shown.value is True
                names.append(node.name)
    return Checks(kinds, public, tuple(names))
