"""Sandbox words as a worker has them: rebuilt from their code, in a namespace of their own."""

from __future__ import annotations

import builtins
import marshal
import types
from collections.abc import Callable
from typing import Any

from autograder.judging.observations import company, pack


def sandboxed(word: Callable[..., Any], *helpers: Callable[..., Any]) -> Callable[..., Any]:
    """The word, with nothing around it but the words that come along."""
    space: dict[str, Any] = {"__builtins__": vars(builtins), "__name__": "__main__"}
    others = company(word, helpers)
    for name, code, defaults, keywords in [pack(f, others) for f in (*others, word)]:
        function = types.FunctionType(marshal.loads(code), space, name)
        function.__defaults__ = tuple(defaults) if defaults else None
        function.__kwdefaults__ = keywords
        space[name] = function
    return space[word.__name__]  # type: ignore[no-any-return]


class LocalSide:
    """A side whose observations run here, for words that run one themselves."""

    def __init__(self, module: Any) -> None:
        self.module = module

    def run(self, function: Any, *, helpers: Any = (), **arguments: Any) -> Any:
        return sandboxed(function, *helpers)(self.module, **arguments)


FORGED: list[Any] = [
    None,
    True,
    0,
    -1,
    10**400,
    float("nan"),
    "",
    "never finished",
    b"x",
    [],
    [[]],
    {},
    {"a": {"b": []}},
    (),
    set(),
    object(),
    [None] * 3,
    ["x" * 100_000] * 3,
    [[1, 2]] * 4,
    [True, [], "own"],
]
deep: Any = []
for _ in range(100_000):
    deep = [deep]
FORGED += [deep, [deep, "end"], [[deep], 3], ["call", deep]]
"""Evidence that no observation sent."""
