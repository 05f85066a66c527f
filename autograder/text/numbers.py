"""Numbers in sentences, and points as every page, table and file shows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from autograder.model import Result


def counted(number: int, noun: str) -> str:
    """``1 submission``, ``2 submissions``, ``0 submissions``; ``noun`` takes a plain s."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def points(value: float) -> str:
    """Points as they are shown: hundredths at most, no zeros at the end, no exponent."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def out_of(value: float, most: float, between: str = "/") -> str:
    """Points of those there are: ``3/4``, or ``3 of 4``."""
    return f"{points(value)}{between}{points(most)}"


def points_are(value: float) -> str:
    """``1 point is``, ``2.5 points are``: how a sentence about points begins."""
    return f"{points(value)} {'point is' if value == 1 else 'points are'}"


@dataclass(frozen=True, slots=True)
class Sums:
    """What several results come to: the sums of the points that are shown for each.

    ``most`` leaves out what is ``open`` through a fault of ours; what is ``deferred`` is part
    of it, and still to be graded.
    """

    points: float
    most: float
    deferred: float
    open: float


def sums(results: Iterable[Result]) -> Sums:
    """The sums of ``results``: the one place where points are added up."""
    # Looked at once: thousands are read from a file.
    shown = [(r.points, r.max_points, r.deferred_points, r.open_points) for r in results]
    return Sums(*(round(sum(column), 2) for column in (zip(*shown, strict=True) if shown else _NO)))


_NO: tuple[tuple[float, ...], ...] = ((), (), (), ())
