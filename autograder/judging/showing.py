"""Evidence in few characters, whatever it is: as Python writes it, or by its kind alone.

A reply may hold 400 000 lists, an int of 10 000 digits (which ``repr`` refuses) or an array of
ten dimensions (which NumPy would print for hours). Only so much of it is ever written as a
message has room for.
"""

from __future__ import annotations

from typing import Any

from autograder.sandbox.inside.wire import TensorData
from autograder.text.cutting import in_the_middle

_DEPTH = 20
_MOST_BITS = 2000  # of an int that is written in digits
_MOST_NUMBERS = 1000  # of an array; beyond it NumPy writes the ends of each axis
_COLLECTIONS: dict[type, str] = {
    list: "list",
    tuple: "tuple",
    set: "set",
    frozenset: "frozenset",
    dict: "mapping",
}


class _Words:
    """Stands where something was left out."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


_GAP = _Words("…")


def brief(value: Any, room: int) -> Any:
    """``value`` with so much left out of its middle that ``repr`` has about ``room`` characters.

    What is left are values of the same kinds. The first and the last ``room / 4`` characters are
    those of ``repr(value)``, down to the third level.
    """
    return _brief(value, room, 0)[0]


def _brief(value: Any, room: int, depth: int) -> tuple[Any, int]:
    """The shorter value, and about how many characters it takes."""
    kind = type(value)
    if kind in _COLLECTIONS:
        return _collection(value, max(room // 2, 8), depth + 1)
    if kind is str or kind is bytes:
        if len(value) > 2 * room + 3:
            gap = "…" if kind is str else b"..."
            value = value[:room] + gap + value[-room:]
        return value, len(value) + 2
    if kind is int and value.bit_length() > _MOST_BITS:
        return _Words(f"<{in_words(value)}>"), 30
    if kind is TensorData:
        array = _brief(value.array, room, depth)[0]
        return TensorData(array, value.dtype, value.device), 100
    if _is_array(value):
        if value.size > _MOST_NUMBERS and value.ndim > 3:
            value = _Words(f"<{in_words(value)}>")
        return value, 100
    return value, len(repr(value))


def _collection(value: Any, room: int, depth: int) -> tuple[Any, int]:
    if depth > _DEPTH:
        return _GAP, 1
    mapping = type(value) is dict
    parts = list(value.items()) if mapping else list(value)
    head: list[Any] = []
    tail: list[Any] = []
    used, end = 0, len(parts)
    for side in (head, tail):
        used_here = 0
        while len(head) < end and used_here < room:
            if side is tail:
                end -= 1
            part = parts[end if side is tail else len(head)]
            if mapping:
                (key, a), (content, b) = (_brief(each, room, depth) for each in part)
                side.append((key, content))
                used_here += a + b + 4
            else:
                shorter, a = _brief(part, room, depth)
                side.append(shorter)
                used_here += a + 2
        used += used_here
    if len(head) < end:
        head.append((_GAP, _GAP) if mapping else _GAP)
    return type(value)([*head, *reversed(tail)]), used + 2


def _is_array(value: Any) -> bool:
    kind = type(value)
    return kind.__module__ == "numpy" and kind.__name__ == "ndarray"


def in_words(value: Any, depth: int = 0) -> str:
    """The kind of a value, with sizes: "list of 3 (int, array of shape (1,) and dtype int64)"."""
    kind = type(value)
    if kind in _COLLECTIONS:
        words = f"{_COLLECTIONS[kind]} of {len(value)}"
        if depth > 1 or not value:
            return words
        first = [part for part, _ in zip(value, range(200), strict=False)]
        kinds = list(dict.fromkeys(in_words(part, depth + 1) for part in first))
        more = ["…"] if len(kinds) > 3 or len(first) < len(value) else []
        return f"{words} ({', '.join([*kinds[:3], *more])})"
    if kind is int and value.bit_length() > 64:
        return f"int of {value.bit_length()} bits"
    if kind is str or kind is bytes:
        return f"{'text' if kind is str else 'bytes'} of length {len(value)}"
    if kind is TensorData:
        return f"tensor of shape {tuple(value.array.shape)} and dtype {value.dtype}"
    if _is_array(value):
        return f"array of shape {value.shape} and dtype {value.dtype}"
    if value is None:
        return "None"
    if kind in (bool, int, float, complex):
        return kind.__name__
    return in_the_middle(repr(value), 60)
