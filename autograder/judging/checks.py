"""What a grader is written with: ``@check``, ``expect`` and the fixtures of a pytest plugin.

Example, after ``from autograder.checks import check, expect, same, show``::

    @check(points=1, public=True, hint="The limit itself is the last value.")
    def test_counts_from_one_to_the_limit(student):
        \"\"\"CountUp(3) yields 1, 2, 3.\"\"\"

        @student.observe(limit=3)
        def seen(module, limit):
            return list(module.CountUp(limit))

        expect(same(seen, [1, 2, 3]), f"CountUp(3) yielded {show(seen)}")

The docstring is what the student reads, ``hint`` the next thing to try, and the message of
``expect`` says what the code did. A hidden check shows its message too, so that message may
name the mistake but no generated input and no expected value.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any, NoReturn, TypeVar

import pytest

from autograder.judging import measuring
from autograder.judging.comparing import difference, same
from autograder.judging.hiding import Hiding
from autograder.judging.measured import Measured
from autograder.judging.outcomes import CheckFailed, Deferred, error_name
from autograder.judging.protocols import Room, Rooms, Side
from autograder.judging.showing import brief
from autograder.judging.specs import CheckSpec
from autograder.model import KINDS
from autograder.text.cutting import in_the_middle

__all__ = [
    "KINDS",
    "CheckSpec",
    "Side",
    "check",
    "difference",
    "error_name",
    "expect",
    "fail",
    "needs",
    "same",
    "show",
]

F = TypeVar("F", bound=Callable[..., Any])


_LONGEST = 4000  # characters of a message

_hiding: ContextVar[Hiding | None] = ContextVar("hiding", default=None)
"""Set while a hidden check runs."""

_measured: ContextVar[list[Measured]] = ContextVar("measured")
"""The measurements of the check that runs."""


def check(
    *,
    points: float = 1,
    public: bool = False,
    hint: str = "",
    needs: tuple[str, ...] = (),
    kind: str = "behaviour",
) -> Callable[[F], F]:
    """Mark a test function as a check worth ``points``.

    ``public`` checks are given to students; the others run at grading only. ``needs`` names
    what the machine must have (``"gpu"``, ``"cores"`` for two or more): elsewhere the check
    is deferred. ``kind`` is one of ``KINDS``. Raises ``ValueError`` for a wrong argument and
    for a check without a docstring.
    """
    if not 0 < points < math.inf:
        raise ValueError(f"points must be a positive number, not {points!r}")
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}, not {kind!r}")

    def mark(function: F) -> F:
        if not (function.__doc__ or "").strip():
            raise ValueError(f"{function.__name__}: a check needs a docstring, its title")
        spec = CheckSpec(points, public, hint, tuple(needs), kind)
        return pytest.mark.kata(spec)(function)  # type: ignore[no-any-return]

    return mark


def expect(condition: bool, message: str) -> None:
    """Fail the check with ``message``, written for the student, unless ``condition`` is True.

    The condition must be an exact bool: evidence that is merely truthy is a grader's slip.
    """
    if type(condition) is not bool:
        raise TypeError(f"expect() needs a bool, not {type(condition).__name__}")
    if not condition:
        fail(message)


def fail(message: str) -> NoReturn:
    """Fail the check with ``message``, of which at most 4000 characters are kept.

    Where a measurement has just passed its limit, it is said how often it was made.
    """
    hiding, measured = _hiding.get(), _measured.get([])
    if len(message) > _LONGEST:
        # Evidence pasted whole. Half a text of a hidden check could not be told from a known one.
        message = (
            in_the_middle(message, _LONGEST) if hiding is None else "Your code gave far too much."
        )
    message = message if hiding is None else hiding.covered(message)
    note = measured[-1].note() if measured and measured[-1].over else ""
    raise CheckFailed(f"{message} {note}".rstrip())


def show(value: Any, limit: int = 160) -> str:
    """``repr`` of evidence, cut in the middle to ``limit`` characters, whatever its size.

    In a hidden check texts that a submission could have made of an input are left out.
    """
    hiding = _hiding.get()
    value = brief(value, 4 * limit)
    return in_the_middle(repr(value if hiding is None else hiding.cover(value)), limit)


def needs(capability: str, present: bool) -> None:
    """Defer the check where ``present`` is False."""
    if not present:
        raise Deferred(capability)


# -- fixtures ------------------------------------------------------------------------------

ROOMS = pytest.StashKey[Rooms]()
"""Where in pytest's configuration the rooms are, of which each check gets one."""


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known that :func:`check` puts on a function."""
    config.addinivalue_line("markers", "kata(spec): a check with points")


@pytest.fixture
def kata_room(request: pytest.FixtureRequest) -> Iterator[Room]:
    """The room of one check: its sides, closed when it ends."""
    rooms = request.config.stash.get(ROOMS, None)
    if rooms is None:
        pytest.skip("run with --submission PATH, or through `autograde grade`")
    with rooms.room(request.node) as room:
        before = _hiding.set(room.scope.hiding), _measured.set(room.scope.measured)
        try:
            yield room
        finally:
            _hiding.reset(before[0])
            _measured.reset(before[1])


@pytest.fixture
def student(kata_room: Room) -> Side:
    """The submission under test, behind the wall."""
    return kata_room.student()


@pytest.fixture
def reference(kata_room: Room) -> Side:
    """The reference solution, in another sandbox."""
    return kata_room.reference()


@pytest.fixture
def baseline(kata_room: Room) -> Callable[[str], Side]:
    """``baseline(source)``: a module of the grader's own, such as a naive version."""
    return kata_room.baseline


@pytest.fixture
def rng(kata_room: Room) -> random.Random:
    """Source of generated inputs, from the run's secret seed and this check's name."""
    return kata_room.rng


@pytest.fixture
def compare_speed() -> Callable[..., measuring.Speed]:
    """:func:`autograder.judging.measuring.compare_speed`."""
    return measuring.compare_speed


@pytest.fixture
def peak_memory() -> Callable[..., measuring.Peak]:
    """:func:`autograder.judging.memory.peak_memory`."""
    return measuring.peak_memory
