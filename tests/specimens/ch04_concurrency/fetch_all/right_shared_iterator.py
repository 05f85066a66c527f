# right: the caller and limit - 1 other threads take from one iterator, under a lock
from threading import Lock, Thread
from types import SimpleNamespace


def Outcome(value, error):
    return SimpleNamespace(value=value, error=error)


def fetch_all(fetch, urls, limit=8):
    if limit < 1:
        raise ValueError("limit must be a positive number, got %r" % (limit,))
    lock, source, outcomes = Lock(), iter(urls), []

    def work():
        while True:
            with lock:
                try:
                    url = next(source)
                except StopIteration:
                    return
                place = len(outcomes)
                outcomes.append(None)
            value = error = None
            try:
                value = fetch(url)
            except Exception as caught:
                error = caught
            outcomes[place] = Outcome(value, error)

    helpers = [Thread(target=work) for _ in range(limit - 1)]
    for helper in helpers:
        helper.start()
    work()
    for helper in helpers:
        helper.join()
    return outcomes
