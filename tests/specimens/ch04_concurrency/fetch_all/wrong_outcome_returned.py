# wrong: if ``fetch`` itself returns an Outcome, takes it for the outcome of the URL instead of its value  [test_any_value_and_equal_urls]
from __future__ import annotations

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

    outcomes: list = []
    source = iter(urls)
    lock = threading.Lock()
    broken: list[BaseException] = []

    def take():
        with lock:
            if broken:
                return None
            try:
                url = next(source)
            except StopIteration:
                return None
            except BaseException as error:
                broken.append(error)
                return None
            outcomes.append(None)
            return len(outcomes) - 1, url

    def work(job):
        while job is not None:
            place, url = job
            try:
                outcomes[place] = fetch(url)
                if not isinstance(outcomes[place], Outcome):
                    outcomes[place] = Outcome(outcomes[place], None)
            except Exception as error:
                outcomes[place] = Outcome(None, error)
            except BaseException as error:
                broken.append(error)
            job = take()

    crew = []
    while len(crew) < limit and (job := take()) is not None:
        crew.append(threading.Thread(target=work, args=(job,)))
        crew[-1].start()
    for thread in crew:
        thread.join()
    if broken:
        raise broken[0]
    return outcomes
