"""The jobs that wait and those that are on their way, and what becomes of one whose worker died.

Nothing here knows Dask. Three workers that died with a job are its verdict, and a job is not blamed
for its neighbours: after the first death it travels alone in its parcel, after the second it has a
worker to itself, and only there a third one counts.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import NamedTuple

from autograder.model import Job, Result

DEATHS = 3
"""Workers that may die with a job before it is a verdict."""

_UNEXPLAINED = 20
"""Deaths before a job began from which it is taken for their reason after all."""

_AIM = 2.0  # seconds that the jobs of one parcel shall take
_MOST = 50  # jobs of a parcel


class Kind(NamedTuple):
    """Where a job may go: to workers that meet ``needs``, and ``alone`` on one."""

    needs: tuple[str, ...] = ()
    alone: bool = False


@dataclass(eq=False, slots=True)
class Piece:
    """A job on its way to a result. ``before`` holds its checks that were done elsewhere.

    ``calm`` asks for a worker without other jobs. ``deaths`` names the workers that died with it.
    """

    job: Job
    future: Future[Result]
    needs: tuple[str, ...] = ()
    before: Result | None = None
    calm: bool = False
    deaths: list[str] = field(default_factory=list)
    unexplained: int = 0

    @property
    def kind(self) -> Kind:
        return Kind(self.needs, self.calm or len(self.deaths) >= DEATHS - 1)


@dataclass(eq=False, slots=True)
class Flight:
    """A parcel on its way. ``at`` is the index of the job that has begun, -1 for none."""

    number: int
    kind: Kind
    pieces: Sequence[Piece]
    at: int = -1


class Board:
    """What waits and what flies; one thread uses it."""

    def __init__(self) -> None:
        self.flying: dict[int, Flight] = {}
        self.seconds = 0.0
        """Of an ordinary job, as measured so far; 0 before the first."""
        self._waiting: dict[Kind, deque[Piece]] = {}
        self._number = 0

    @property
    def count(self) -> int:
        """Jobs that wait or fly."""
        waiting = sum(map(len, self._waiting.values()))
        return waiting + sum(len(flight.pieces) for flight in self.flying.values())

    def add(self, piece: Piece, *, first: bool = False) -> None:
        """Let a piece wait, before all others of its kind if ``first``."""
        queue = self._waiting.setdefault(piece.kind, deque())
        (queue.appendleft if first else queue.append)(piece)

    def kinds(self) -> list[Kind]:
        """The kinds of which a piece waits."""
        return [kind for kind, queue in self._waiting.items() if queue]

    @property
    def full(self) -> int:
        """Jobs of an ordinary parcel as long as enough wait: one until their time is known."""
        return max(1, min(_MOST, math.ceil(_AIM / self.seconds))) if self.seconds else 1

    def size(self, slots: int) -> int:
        """Jobs of the next ordinary parcel: towards the end every slot gets its share."""
        waiting = len(self._waiting.get(Kind(), ()))
        return max(1, min(self.full, waiting // max(1, slots)))

    def pieces(self) -> Iterator[Piece]:
        """All that wait or fly."""
        for queue in self._waiting.values():
            yield from queue
        for flight in self.flying.values():
            yield from flight.pieces

    def take(self, kind: Kind, most: int, slots: int) -> Iterator[Flight]:
        """Parcels of a kind, until ``most`` of it are on their way."""
        queue = self._waiting.get(kind, deque())
        flying = sum(flight.kind == kind for flight in self.flying.values())
        for _ in range(most - flying):
            if not queue:
                return
            size = self.size(slots) if kind == Kind() else 1
            pieces = [queue.popleft()]
            while queue and len(pieces) < size and not (pieces[0].deaths or queue[0].deaths):
                pieces.append(queue.popleft())
            self._number += 1
            flight = Flight(self._number, kind, pieces)
            self.flying[flight.number] = flight
            yield flight

    def began(self, number: int, index: int) -> None:
        """A worker has begun with a job of a parcel."""
        if number in self.flying:
            self.flying[number].at = index

    def arrived(self, flight: Flight, seconds: float) -> None:
        """A parcel's results are there, after so many seconds of work."""
        self.flying.pop(flight.number, None)
        if flight.kind == Kind():
            each = seconds / len(flight.pieces)
            self.seconds = each if not self.seconds else 0.8 * self.seconds + 0.2 * each

    def lost(self, flight: Flight) -> None:
        """A parcel is lost through no fault of its jobs: they wait again."""
        self.flying.pop(flight.number, None)
        for piece in reversed(flight.pieces):
            self.add(piece, first=True)

    def died(self, flight: Flight, worker: str) -> Piece | None:
        """A worker has died with a parcel; the piece whose verdict that is, if any."""
        self.flying.pop(flight.number, None)
        condemned = None
        for index, piece in reversed(list(enumerate(flight.pieces))):
            if index == flight.at:
                piece.deaths.append(worker)
            elif flight.at < 0:
                piece.unexplained += 1
            if len(piece.deaths) >= DEATHS or piece.unexplained >= _UNEXPLAINED:
                condemned = piece
            else:
                self.add(piece, first=True)
        return condemned
