# right: threads of one's own, fed through a queue while the URLs are still being read
import queue
import threading
from collections import namedtuple

Outcome = namedtuple("Outcome", ["value", "error"])


class _Crew:
    def __init__(self, fetch, size):
        self.fetch = fetch
        self.jobs = queue.Queue(maxsize=size)
        self.found = {}
        self.threads = [threading.Thread(target=self.work, daemon=True) for _ in range(size)]
        for thread in self.threads:
            thread.start()

    def work(self):
        while (job := self.jobs.get()) is not None:
            place, url = job
            try:
                self.found[place] = Outcome(self.fetch(url), None)
            except BaseException as error:
                self.found[place] = Outcome(None, error)

    def finish(self):
        for _ in self.threads:
            self.jobs.put(None)
        for thread in self.threads:
            thread.join()


def fetch_all(fetch, urls, limit=8):
    if limit <= 0:
        raise ValueError(f"limit: {limit}")
    crew = _Crew(fetch, limit)
    try:
        for job in enumerate(urls):
            crew.jobs.put(job)
    finally:
        crew.finish()
    return [crew.found[place] for place in sorted(crew.found)]
