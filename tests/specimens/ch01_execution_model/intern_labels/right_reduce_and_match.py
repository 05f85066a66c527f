# right: functools.reduce and a match statement
from __future__ import annotations

import functools
from collections.abc import Iterable
from sys import intern as _intern


def intern_labels(labels: Iterable[str]) -> list[str]:
    def keep(out: list[str], label: object) -> list[str]:
        match label:
            case str() as text:
                out += (_intern(text),)
            case _:
                raise TypeError(f"label {label!r} is a {type(label).__name__}, not a str")
        return out

    return functools.reduce(keep, labels, [])
