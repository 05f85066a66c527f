"""What waits and what flies: sizes of parcels, and jobs whose worker died."""

from __future__ import annotations

from concurrent.futures import Future

from autograder.cluster.board import Board, Flight, Kind, Piece
from autograder.model import Job


def pieces(count: int) -> list[Piece]:
    jobs = [Job(f"s{n}", "double", b"", "7") for n in range(count)]
    return [Piece(job, Future()) for job in jobs]


def board(count: int, seconds: float = 0.1) -> tuple[Board, list[Piece]]:
    made, waiting = Board(), pieces(count)
    made.seconds = seconds
    for piece in waiting:
        made.add(piece)
    return made, waiting


def sent(board: Board, kind: Kind = Kind(), most: int = 9) -> list[Flight]:  # noqa: B008
    return list(board.take(kind, most, 2))


def fly(board: Board, at: int = 0) -> Flight:
    """The only parcel that goes out now, at its job ``at``."""
    (kind,) = board.kinds()
    (flight,) = board.take(kind, 1, 1)
    board.began(flight.number, at)
    return flight


def test_parcels_take_about_two_seconds_and_the_last_ones_are_shared() -> None:
    made, _ = board(60)
    assert [len(f.pieces) for f in sent(made)] == [20, 20, 10, 5, 2, 1, 1, 1]
    assert [len(f.pieces) for f in sent(board(60, seconds=0)[0])] == [1] * 9
    assert [len(f.pieces) for f in sent(board(60, seconds=30)[0], most=3)] == [1] * 3
    assert len(sent(board(200, seconds=1e-6)[0])[0].pieces) == 50


def test_no_more_fly_than_may() -> None:
    made, _ = board(60)
    first = sent(made, most=2)
    assert len(first) == 2 and not sent(made, most=2)
    made.arrived(first[0], 2.0)
    assert len(sent(made, most=2)) == 1


def test_what_is_lost_waits_again_before_all_others() -> None:
    made, waiting = board(40)
    flight = fly(made)
    made.lost(flight)
    assert not made.flying and made.count == 40
    assert fly(made).pieces[:2] == waiting[:2]
    assert not any(piece.deaths for piece in waiting)


def test_only_the_job_that_had_begun_is_suspected_and_it_flies_alone() -> None:
    made, waiting = board(20)
    flight = fly(made, at=3)
    assert len(flight.pieces) == 20
    assert made.died(flight, "w1") is None
    assert [p.deaths for p in waiting].count(["w1"]) == 1 and waiting[3].deaths == ["w1"]
    assert [len(f.pieces) for f in sent(made)][:2] == [3, 1]


def test_three_dead_workers_are_a_verdict_and_the_third_one_it_had_to_itself() -> None:
    made, (piece,) = board(1)
    assert made.died(fly(made), "w1") is None
    assert piece.kind == Kind()
    assert made.died(fly(made), "w2") is None
    assert piece.kind == Kind(alone=True)
    assert made.died(fly(made), "w3") is piece
    assert piece.deaths == ["w1", "w2", "w3"] and made.count == 0


def test_a_worker_that_dies_before_a_job_began_is_not_its_fault_a_few_times() -> None:
    made, (piece,) = board(1)
    for _ in range(19):
        assert made.died(fly(made, at=-1), "w") is None
    assert not piece.deaths
    assert made.died(fly(made, at=-1), "w") is piece
