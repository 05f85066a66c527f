"""What a check leaves behind in an interpreter that serves the next one."""

from __future__ import annotations

import logging
import queue
import sys
import threading
import time
import warnings
from collections.abc import Iterator

import pytest

from autograder.sandbox.inside.restoring import Snapshot


@pytest.fixture
def snapshot() -> Iterator[Snapshot]:
    """A snapshot; whatever the test does, the process is put right afterwards."""
    handlers, level = list(logging.root.handlers), logging.root.level
    taken = Snapshot()
    yield taken
    taken.restore()
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


def test_replaced_functions_and_methods_come_back(
    snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, start, put = time.monotonic, threading.Thread.start, queue.Queue.put
    time.monotonic = lambda: 0.0
    threading.Thread.start = lambda self: None  # type: ignore[method-assign]
    del queue.Queue.put
    queue.Queue.extra = 1  # type: ignore[attr-defined]
    snapshot.restore()
    assert time.monotonic is clock
    assert threading.Thread.start is start
    assert queue.Queue.put is put
    assert not hasattr(queue.Queue, "extra")


def test_flags_of_libraries_stay(snapshot: Snapshot) -> None:
    time.kata_flag = 3  # type: ignore[attr-defined]
    try:
        snapshot.restore()
        assert time.kata_flag == 3  # type: ignore[attr-defined]
    finally:
        del time.kata_flag  # type: ignore[attr-defined]


def test_logging_warnings_and_recursion_are_as_at_the_start(snapshot: Snapshot) -> None:
    limit, filters = sys.getrecursionlimit(), list(warnings.filters)
    logging.disable(logging.CRITICAL)
    logging.getLogger("kata.left.behind").setLevel(logging.DEBUG)
    logging.root.addHandler(logging.NullHandler())
    sys.setrecursionlimit(limit + 1)
    warnings.simplefilter("error")
    snapshot.restore()
    assert logging.getLogger("kata.left").isEnabledFor(logging.WARNING)
    assert "kata.left.behind" not in logging.root.manager.loggerDict
    assert logging.root.handlers == []
    assert sys.getrecursionlimit() == limit
    assert list(warnings.filters) == filters
