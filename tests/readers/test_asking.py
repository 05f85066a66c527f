"""Many submissions are read at a time, and few of them are in memory."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from autograder.ingest.readers import Readers, Reply, Request, pool


@pytest.fixture
def readers(monkeypatch: pytest.MonkeyPatch) -> Iterator[Readers]:
    monkeypatch.setattr(pool, "AHEAD", 4)
    monkeypatch.setattr(Readers, "ask", lambda self, request: Reply(request.arguments[0]))
    with Readers(2) as found:
        yield found


def requests(taken: list[int]) -> Iterator[Request]:
    for number in range(50):
        taken.append(number)
        yield Request("submission", (number,))


def test_requests_are_taken_as_they_are_sent_and_replies_keep_their_order(readers: Readers) -> None:
    taken: list[int] = []
    for number, reply in enumerate(readers.ask_all(requests(taken))):
        assert reply.value == number and len(taken) <= number + 4
    assert len(taken) == 50 and not readers.stopped


def test_left_before_its_end_it_reads_no_more(readers: Readers) -> None:
    taken: list[int] = []
    replies = readers.ask_all(requests(taken))
    assert next(replies).value == 0 and not readers.stopped
    replies.close()
    assert readers.stopped and len(taken) == 4


def test_nothing_is_asked_for_nothing(readers: Readers) -> None:
    assert list(readers.ask_all(())) == [] and not readers.stopped
