# right: a Thread subclass takes jobs from a queue subclass, last in first out, filled the other way round
from __future__ import annotations

import collections
import logging
import queue
import threading
import typing

log = logging.getLogger(__name__)


class Outcome(typing.NamedTuple):
    value: typing.Any
    error: Exception | None


class Jobs(queue.LifoQueue):
    """Taken from the end, so it is filled the other way round."""


class Fetcher(threading.Thread):
    def __init__(self, fetch, jobs, places):
        super().__init__()
        self.fetch, self.jobs, self.places = fetch, jobs, places

    def run(self):
        while True:
            try:
                place, url = self.jobs.get_nowait()
            except queue.Empty:
                return
            try:
                self.places[place] = Outcome(self.fetch(url), None)
            except Exception as error:
                log.info("%s failed", url)
                self.places[place] = Outcome(None, error)
            finally:
                self.jobs.task_done()


def fetch_all(fetch, urls, limit=8):
    if limit < 1:
        raise ValueError(f"limit must be at least 1, got {limit}")
    jobs = Jobs()
    numbered = list(enumerate(urls))
    for job in reversed(numbered):
        jobs.put(job)
    places: dict[int, Outcome] = collections.OrderedDict()
    fetchers = [Fetcher(fetch, jobs, places) for _ in range(min(limit, len(numbered)))]
    for fetcher in fetchers:
        fetcher.start()
    jobs.join()
    for fetcher in fetchers:
        fetcher.join()
    return [places[place] for place, _ in numbered]
