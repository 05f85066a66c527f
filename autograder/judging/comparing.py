"""One exact comparison of evidence with what a check expects: ``same``.

``==`` is not it: ``[np.array([1])] == [1]`` is True, ``[np.array([1, 2])] == [1, 2]`` raises,
``1 == True == 1.0``, and a NaN is not equal to itself.
"""

from __future__ import annotations

import cmath
import math
from typing import Any

from autograder.sandbox.inside.wire import TensorData

_MOST = 2_000_000  # comparisons; more than a reply can make necessary
_PLAIN = frozenset([type(None), bool, int, float, complex, str, bytes])
_NUMBERS = frozenset([float, complex])

_Path = tuple[Any, ...]  # (path of what it is in, position), the empty path for the whole
_Pair = tuple[_Path, Any, Any]  # two values that should be the same


def same(
    actual: Any, expected: Any, *, rtol: float | None = None, atol: float | None = None
) -> bool:
    """Whether ``actual`` is what was expected: an exact bool, whatever the evidence is.

    Types must be the same (a bool is no int, a tuple no list, a subclass never its base), for
    arrays shape and dtype, for tensors the device, too. Lists, tuples, mappings and sets are
    compared part by part. A NaN is the same as a NaN; ``-0.0`` is the same as ``0.0``, as ``==``
    has it. Mappings may be in any order. An ``Opaque`` is the same as nothing. A NumPy scalar
    in ``expected`` counts as the Python number that it is.

    Floats, complex numbers and arrays of them may differ by ``atol`` plus ``rtol`` times what was
    expected where either is given; everything else is exact. Never raises. Takes time for no more
    parts than ``expected`` has.
    """
    try:
        return _difference(actual, expected, rtol, atol) is None
    except Exception:  # a RecursionError, or an ``expected`` that is itself no plain data
        return False


def difference(
    actual: Any, expected: Any, *, rtol: float | None = None, atol: float | None = None
) -> str:
    """Where and how ``actual`` differs, in words: "item 3 is a bool, not an int". Empty if same.

    Names positions, kinds, shapes and dtypes, never a value, so that a hidden check can use it.
    """
    try:
        difference = _difference(actual, expected, rtol, atol)
    except Exception:
        return "it cannot be compared"
    return "" if difference is None else f"{_place(difference[0])} {difference[1]}"


def _difference(
    actual: Any, expected: Any, rtol: float | None, atol: float | None
) -> tuple[_Path, str] | None:
    tolerance = None if rtol is None and atol is None else (rtol or 0.0, atol or 0.0)
    pending: list[_Pair] = [((), actual, expected)]
    for _ in range(_MOST):
        if not pending:
            return None
        path, mine, theirs = pending.pop()
        if _is_numpy(theirs, "generic"):
            theirs = theirs.item()
        kind = type(theirs)
        if type(mine) is not kind:
            return path, f"is {_kind(mine)}, not {_kind(theirs)}"
        if kind in _PLAIN:
            if not _equal(mine, theirs, tolerance):
                return path, "is another value"
        elif _is_numpy(theirs, "ndarray"):
            if words := _arrays(mine, theirs, tolerance):
                return path, words
        else:
            parts = _parts(path, mine, theirs)
            if isinstance(parts, str):
                return path, parts
            pending += parts
    return (), "is too large to be compared"


def _parts(path: _Path, mine: Any, theirs: Any) -> list[_Pair] | str:
    """The parts of two values of one type that are to be compared, the last one first; in words,
    where they cannot be the same."""
    kind = type(theirs)
    if kind is list or kind is tuple:
        if len(mine) != len(theirs):
            return f"has too {'few' if len(mine) < len(theirs) else 'many'} parts"
        # Last in, first out: the first difference is told.
        return [((path, n), mine[n], theirs[n]) for n in range(len(theirs) - 1, -1, -1)]
    if kind is dict:
        pairs = _paired(mine, theirs)
        if pairs is None:
            return "has other keys"
        parts: list[_Pair] = []
        for key, other in reversed(pairs):
            # A key is evidence, too: where the difference is must not tell it.
            parts += [((path, "value"), mine[key], theirs[other]), ((path, None), key, other)]
        return parts
    if kind is set or kind is frozenset:
        pairs = _paired(mine, theirs)
        if pairs is None:
            return "has other members"
        return [((path, None), member, other) for member, other in pairs]
    if kind is TensorData:
        for name in ("dtype", "device"):
            if getattr(mine, name) != getattr(theirs, name):
                return f"is of another {name}"
        return [(path, mine.array, theirs.array)]
    return "is not plain data"


def _equal(mine: Any, theirs: Any, tolerance: tuple[float, float] | None) -> bool:
    if mine == theirs:
        return True
    if type(mine) not in _NUMBERS:
        return False
    if type(mine) is complex:
        parts = zip((mine.real, mine.imag), (theirs.real, theirs.imag), strict=True)
        if cmath.isnan(mine) or cmath.isnan(theirs):
            return all(_equal(a, b, tolerance) for a, b in parts)
    elif math.isnan(mine) or math.isnan(theirs):
        return math.isnan(mine) and math.isnan(theirs)
    if tolerance is None or cmath.isinf(mine) or cmath.isinf(theirs):
        return False
    return bool(abs(mine - theirs) <= tolerance[1] + tolerance[0] * abs(theirs))


def _paired(mine: Any, theirs: Any) -> list[tuple[Any, Any]] | None:
    """Keys or members with their equals, to be compared for their types; None if any has none."""
    if len(mine) != len(theirs):
        return None
    own = {key: key for key in theirs}
    pairs, strange = [], []
    for key in mine:
        if key in own:
            pairs.append((key, own.pop(key)))
        else:
            strange.append(key)
    # What is left can only be NaN: not equal to itself, and yet the same.
    if any(key == key for key in (*strange, *own)):
        return None
    return [*pairs, *zip(strange, own, strict=True)]


def _arrays(mine: Any, theirs: Any, tolerance: tuple[float, float] | None) -> str:
    if mine.dtype != theirs.dtype:
        return f"is of dtype {mine.dtype}, not {theirs.dtype}"
    if mine.shape != theirs.shape:
        return "is of another shape" if mine.ndim == theirs.ndim else "has another number of axes"
    import numpy as np

    if theirs.dtype.kind not in "biufc":
        return "is not plain data"
    inexact = theirs.dtype.kind in "fc"
    if tolerance is not None and inexact:
        with np.errstate(all="ignore"):
            rtol, atol = tolerance
            close = np.allclose(mine, theirs, rtol=rtol, atol=atol, equal_nan=True)
    else:
        close = np.array_equal(mine, theirs, equal_nan=inexact)
    return "" if close else "holds other values"


def _is_numpy(value: Any, name: str) -> bool:
    """Asked by name: a check without arrays must not wait for NumPy."""
    kind = type(value)
    if kind.__module__ != "numpy":
        return False
    import numpy as np

    return isinstance(value, np.generic) if name == "generic" else kind is np.ndarray


def _kind(value: Any) -> str:
    if value is None:
        return "None"
    name = type(value).__name__
    if name == "ndarray":
        return "an array"
    if type(value) is TensorData:
        return "a tensor"
    if type(value) in _PLAIN or type(value) in (list, tuple, dict, set, frozenset):
        return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
    return "an object"


def _place(path: _Path) -> str:
    positions = []
    while path:
        path, position = path
        if position is None:
            positions.append("a member")
        else:
            positions.append("a value" if position == "value" else f"item {position}")
    return " of ".join(positions[:4]) or "it"
