# wrong: looks every 0.1 s for calls that have ended, and then begins as many  [test_waiting_overlaps]
import threading
import time
from typing import Any, NamedTuple


class Outcome(NamedTuple):
    value: Any
    error: Exception | None


def fetch_all(fetch, urls, limit=8):
    if limit < 1:
        raise ValueError(f"limit={limit}")
    urls = list(urls)
    outcomes = [None] * len(urls)

    def attempt(place, url):
        try:
            outcomes[place] = Outcome(fetch(url), None)
        except Exception as error:
            outcomes[place] = Outcome(None, error)

    jobs = [threading.Thread(target=attempt, args=job) for job in enumerate(urls)]
    waiting, running = jobs[::-1], []
    while waiting or running:
        while waiting and len(running) < limit:
            running.append(waiting.pop())
            running[-1].start()
        time.sleep(0.1)
        running = [thread for thread in running if thread.is_alive()]
    return outcomes
