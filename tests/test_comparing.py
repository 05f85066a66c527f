"""``same`` and ``show``: evidence of any kind against what is expected."""

from __future__ import annotations

import math
from collections import OrderedDict
from typing import Any

import numpy as np
import pytest

from autograder.judging.checks import difference, same, show
from autograder.judging.showing import brief, in_words
from autograder.sandbox.inside.wire import Opaque, TensorData

NAN = float("nan")


class Sly(int):
    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = int.__hash__


def nested(depth: int, kind: Any = list) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = kind([value])
    return value


SAME: list[tuple[Any, Any]] = [
    (1, 1),
    (None, None),
    ("a", "a"),
    (b"a", b"a"),
    (2**70, 2**70),
    (NAN, float("nan")),
    (0.0, -0.0),
    (complex(NAN, 1), complex(NAN, 1)),
    ([NAN, (1, NAN)], [NAN, (1, NAN)]),
    ({"a": [1, {2: 3}]}, {"a": [1, {2: 3}]}),
    ({1: 2, 3: 4}, {3: 4, 1: 2}),
    ({1, (2, "x")}, {(2, "x"), 1}),
    (frozenset({1}), frozenset({1})),
    ({NAN, 1}, {1, float("nan")}),
    ({NAN: 1}, {float("nan"): 1}),
    (np.arange(3), np.arange(3)),
    (np.array([NAN, 1]), np.array([NAN, 1])),
    ([np.zeros((2, 0))], [np.zeros((2, 0))]),
    (np.array(5), np.array(5)),
    ([np.array([1, 2]), 3], [np.array([1, 2]), 3]),
    (TensorData(np.ones(2), "float64", "cpu"), TensorData(np.ones(2), "float64", "cpu")),
    (1.5, np.float64(1.5)),
    ([3], [np.int64(3)]),
    (nested(5000), nested(5000)),
    (list(range(100_000)), list(range(100_000))),
]

DIFFERENT: list[tuple[Any, Any, str]] = [
    (True, 1, "it is a bool, not an int"),
    (1, 1.0, "it is an int, not a float"),
    (Sly(4), 4, "it is an object, not an int"),
    ([1], (1,), "it is a list, not a tuple"),
    (OrderedDict(), {}, "it is an object, not a dict"),
    (1, 2, "it is another value"),
    (NAN, 1.0, "it is another value"),
    (1.0, NAN, "it is another value"),
    (np.array([1]), 1, "it is an array, not an int"),
    ([np.array([1])], [1], "item 0 is an array, not an int"),
    ([np.array([1, 2])], [1], "item 0 is an array, not an int"),
    ([1, 2, [3, True]], [1, 2, [3, 1]], "item 1 of item 2 is a bool, not an int"),
    ([1, 2], [1, 2, 3], "it has too few parts"),
    ([1, 5, 9], [1, 4, 8], "item 1 is another value"),
    ({1: 2}, {True: 2}, "a member is an int, not a bool"),
    ({1}, {True}, "a member is an int, not a bool"),
    ({(1, 2.0)}, {(1, 2)}, "item 1 of a member is a float, not an int"),
    ({1: 2}, {2: 2}, "it has other keys"),
    ({1, 2}, {1, 3}, "it has other members"),
    ({NAN}, {1.0}, "it has other members"),
    (np.arange(3), np.arange(3.0), "it is of dtype int64, not float64"),
    (np.zeros((2, 3)), np.zeros((3, 2)), "it is of another shape"),
    (np.zeros(6), np.zeros((3, 2)), "it has another number of axes"),
    (np.array([NAN]), np.array([1.0]), "it holds other values"),
    (np.ma.masked_array([1]), np.array([1]), "it is an object, not an array"),
    (
        TensorData(np.ones(2), "float64", "cpu"),
        TensorData(np.ones(2), "float64", "cuda:0"),
        "it is of another device",
    ),
    (TensorData(np.ones(2), "float64", "cpu"), np.ones(2), "it is a tensor, not an array"),
    (Opaque("int"), 1, "it is an object, not an int"),
    (Opaque("x"), Opaque("x"), "it is not plain data"),
    (nested(5000), nested(5001), ""),
    (nested(5000, tuple), nested(5000), "it is a tuple, not a list"),
    (object(), object(), "it is not plain data"),
    (1, np.array([object()]), ""),
    (np.array([object()]), np.array([object()]), "it is not plain data"),
    (1 << 20000, 1, "it is another value"),
]


@pytest.mark.parametrize(("actual", "expected"), SAME, ids=range(len(SAME)))
def test_same(actual: Any, expected: Any) -> None:
    assert same(actual, expected) is True
    assert same(expected, actual) is True or isinstance(expected, np.generic | list)
    assert difference(actual, expected) == ""


@pytest.mark.parametrize(
    ("actual", "expected", "words"), DIFFERENT, ids=range(len(DIFFERENT))
)  # the values' own texts may have 20 000 digits
def test_different(actual: Any, expected: Any, words: str) -> None:
    assert same(actual, expected) is False
    assert difference(actual, expected) == words or not words


def test_no_key_is_told() -> None:
    assert difference({1 << 20000: 1}, {1 << 20000: 2}) == "a value is another value"
    assert (
        difference([{77: [1, 2]}], [{77: [1, 3]}]) == "item 1 of a value of item 0 is another value"
    )


def test_tolerances_are_for_floats_alone() -> None:
    assert same(1.0 + 1e-12, 1.0) is False and same(1.0 + 1e-12, 1.0, rtol=1e-9) is True
    assert same(1e-12, 0.0, rtol=1e-9) is False and same(1e-12, 0.0, atol=1e-9) is True
    assert same([1 + 1e-12j], [1 + 0j], atol=1e-9) is True
    assert same(10**12 + 1, 10**12, rtol=1e-3) is False
    assert same(math.inf, math.inf, rtol=1e-3) is True and same(1e308, math.inf, rtol=1) is False
    assert same(math.inf, -math.inf, rtol=9.0) is False and same(NAN, 1.0, atol=math.inf) is False
    a = np.array([1.0, NAN])
    assert same(a + 1e-12, a) is False and same(a + 1e-12, a, rtol=1e-9) is True
    assert same(np.array([10**12 + 1]), np.array([10**12]), rtol=1e-3) is False
    assert same(np.array([1], np.float32), np.array([1.0]), rtol=1e-3) is False


def test_an_expected_value_that_is_none_is_no_crash() -> None:
    around: list[Any] = []
    around.append(around)
    for odd in (object(), Sly(3), np.array([object()]), around, range(3), {1: object()}):
        assert same(odd, odd) is False or odd is around


def test_show_is_repr_where_that_is_short() -> None:
    nested = [1, (2, {3: {4}}), b"x"]
    some: list[Any] = [1, "a'b", nested, {}, set(), frozenset({1}), np.arange(3), ()]
    for value in some:
        assert show(value) == repr(value)


def test_show_cuts_as_repr_would_be_cut() -> None:
    for value in (
        list(range(5000)),
        ["x" * 50] * 900,
        "y" * 9000,
        b"z" * 9000,
        (1.5,) * 999,
        [list(range(100))] * 50,
        dict.fromkeys(range(3000), "v"),
    ):
        text = repr(value)
        assert show(value) == f"{text[:78]} … {text[-78:]}"


@pytest.mark.parametrize(
    "value",
    [
        1 << 30_000,
        [1 << 30_000] * 100,
        {1 << 30_000: -1 << 20_000},
        nested(900),
        nested(60, tuple),
        np.zeros((6,) * 10, np.uint8),
        [np.zeros((2,) * 16, np.uint8)] * 50,
        TensorData(np.zeros((6,) * 10, np.uint8), "uint8", "cpu"),
        [[[["x" * 10_000] * 100] * 100] * 100] * 1000,
        [[]] * 400_000,
        "\x00" * 1_000_000,
        {frozenset(range(n, n + 200)) for n in range(300)},
        [Opaque("a" * 200)] * 1000,
    ],
    ids=range(13),
)
def test_show_is_short_whatever_it_is_given(value: Any) -> None:
    assert 0 < len(show(value)) <= 160
    assert len(repr(brief(value, 640))) < 20_000
    assert len(in_words(value)) < 500


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ([np.array([1])] * 3, "list of 3 (array of shape (1,) and dtype int64)"),
        ([1, "a", None, 1 << 90], "list of 4 (int, text of length 1, None, …)"),
        ([], "list of 0"),
        ({"a": 1}, "mapping of 1 (text of length 1)"),
        (1 << 20_000, "int of 20001 bits"),
        (Opaque("numpy.int64"), "<a numpy.int64>"),
        (None, "None"),
    ],
    ids=range(7),
)
def test_kinds_in_words(value: Any, words: str) -> None:
    assert in_words(value) == words
