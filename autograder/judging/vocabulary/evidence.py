"""Reading evidence by its shape. Everything here runs in the judge.

What comes back from a submission may be anything: a list where a number belongs, an array, an
object of a type that nobody knows. Read it before you use it.
"""

from __future__ import annotations

import types
from typing import Any

from autograder.judging.checks import expect, fail
from autograder.judging.comparing import same

__all__ = ["Kind", "expect_in_order", "kind_of", "matches", "read"]

Kind = Any
"""What a part of the evidence should be:

* a type: exactly that type (``int`` takes no bool, ``list`` no tuple); ``None`` for None
* ``object``: anything
* ``int | None``: one of several
* ``list[K]``, ``tuple[K, ...]``, ``set[K]``: of any length, each part of kind K; ``dict[K, V]``
* ``[A, B]``: a list of exactly these kinds, in this order; ``[int] * 3`` of three ints
"""

_MOST = 2_000_000  # parts that are looked at; more than a reply can hold


def read(seen: Any, kind: Kind, what: str = "What came back") -> Any:
    """The evidence itself if it is of this kind; otherwise the check fails.

    The message begins with ``what`` and names kinds only, so a hidden check may use it: "What came
    back could not be read (there is a str where an int belongs)."

    Example::

        ends, value = read(seen, [list[str], int])
        read(rows, [[int, bool]] * 8, what="What the workers did")
    """
    wrong = matches(seen, kind)
    if wrong:
        fail(f"{what} could not be read ({wrong}).")
    return seen


def matches(seen: Any, kind: Kind) -> str:
    """Why the evidence is not of this kind, in words that name no value; empty where it is.

    Example::

        expect(not matches(rows, list[int]), "The counts are not ints.")
    """
    pending: list[tuple[Any, Kind]] = [(seen, kind)]
    for _ in range(_MOST):
        if not pending:
            return ""
        value, wanted = pending.pop()
        if wanted is object:
            continue
        if type(wanted) is list:
            if type(value) is list and len(value) != len(wanted):
                return f"there is a list of {len(value)} where one of {len(wanted)} belongs"
            if type(value) is list:
                pending.extend(zip(reversed(value), reversed(wanted), strict=True))
                continue
        elif isinstance(wanted, types.UnionType):
            if any(not matches(value, one) for one in wanted.__args__):
                continue
        elif isinstance(wanted, types.GenericAlias):
            if type(value) is wanted.__origin__:
                pending.extend(_parts(value, wanted.__args__))
                continue
        elif value is None if wanted is None else type(value) is wanted:
            continue
        return f"there is {kind_of(value)} where {_named(wanted)} belongs"
    return "it is too large"


def kind_of(value: Any) -> str:
    """The kind of a value with its article, for a message: "an int", "a list", "None".

    Types that not everybody knows are "an object".

    Example::

        expect(type(seen) is list, f"A list belongs here, not {kind_of(seen)}.")
    """
    return "None" if value is None else _article(type(value))


def _article(kind: Any) -> str:
    name = kind.__name__
    known = {"ndarray": "an array", "TensorData": "a tensor"}
    if name in known:
        return known[name]
    if kind.__module__ != "builtins":
        return "an object"
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def _named(kind: Kind) -> str:
    if kind is None:
        return "None"
    if type(kind) is list:
        return f"a list of {len(kind)}"
    if isinstance(kind, types.UnionType):
        return " or ".join(map(_named, kind.__args__))
    if isinstance(kind, types.GenericAlias):
        return _article(kind.__origin__)
    return "None" if kind is type(None) else _article(kind)


def _parts(value: Any, kinds: tuple[Kind, ...]) -> list[tuple[Any, Kind]]:
    if type(value) is dict:
        return [pair for item in value.items() for pair in zip(item, kinds, strict=True)]
    parts = list(value)
    return [(part, kinds[0]) for part in reversed(parts)]


def expect_in_order(found: Any, wanted: list[Any], what: str, things: str = "results") -> None:
    """Expect all the wanted values in their order; the message names the known mistakes.

    ``what`` begins the messages, without a comma; ``things`` is what the values are.

    Example::

        expect_in_order(values, [0, 3, 6], "With 3 items and 4 threads")
        # With 3 items and 4 threads, the results came in another order than their items.
    """
    read(found, list)
    if same(found, wanted):
        return
    lost = len(wanted) - len(found)
    if lost > 0 and same(found, wanted[: len(found)]):
        fail(f"{what}, the last {lost} {things} never came.")
    expect(lost >= 0, f"{what}, there were more {things} than items.")
    if lost == 0 and sorted(map(repr, found)) == sorted(map(repr, wanted)):
        fail(f"{what}, the {things} came in another order than their items.")
    fail(f"{what}, the {things} were not those of the items.")
