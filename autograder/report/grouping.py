"""The results of a class, student by student, without having them all in memory."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from autograder.model import Result


class ByStudent(Mapping[str, list[Result]]):
    """The results of each student, in the order in which ``results`` first has one of theirs.

    Only their places are held, where ``results`` makes a result whenever it is asked for one.
    """

    def __init__(self, results: Iterable[Result]) -> None:
        self._results = results if isinstance(results, Sequence) else list(results)
        self._places: dict[str, array[int]] = {}
        for place, result in enumerate(self._results):
            student = sys.intern(result.student)  # as people have it
            if student in self._places:
                self._places[student].append(place)
            else:
                self._places[student] = array("L", (place,))

    def __getitem__(self, student: str) -> list[Result]:
        return [self._results[place] for place in self._places[student]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def without(self, students: Container[str]) -> ByStudent:
        """The same less some students."""
        left = ByStudent(())
        left._results = self._results
        left._places = {s: places for s, places in self._places.items() if s not in students}
        return left

    @property
    def all(self) -> Iterator[Result]:
        """Every result, student by student."""
        for results in self.values():
            yield from results


def by_student(results: Iterable[Result] | ByStudent) -> ByStudent:
    """The results of each student; what is grouped already stays as it is."""
    return results if isinstance(results, ByStudent) else ByStudent(results)
