# wrong: starts ``limit`` (daemon) workers, but puts only one end mark per URL when there are fewer URLs than workers: the idle ones wait at the queue for ever  [test_number_of_threads]
from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple


class Outcome(NamedTuple):
    """What became of one URL: what ``fetch`` returned, or the exception that it raised.

    The other of the two is None.
    """

    value: Any
    error: Exception | None


def fetch_all(fetch: Callable[[str], Any], urls: Iterable[str], limit: int = 8) -> list[Outcome]:
    if limit < 1:
        raise ValueError(f"limit must be at least 1, not {limit}")

    todo: queue.Queue = queue.Queue()
    outcomes = []
    for place, url in enumerate(urls):
        outcomes.append(None)
        todo.put((place, url))
    for _ in range(min(limit, len(outcomes))):
        todo.put(None)

    def work():
        while (job := todo.get()) is not None:
            place, url = job
            try:
                outcomes[place] = Outcome(fetch(url), None)
            except Exception as error:
                outcomes[place] = Outcome(None, error)
            finally:
                todo.task_done()
        todo.task_done()

    for _ in range(limit):
        threading.Thread(target=work, daemon=True).start()
    todo.join()
    return outcomes
