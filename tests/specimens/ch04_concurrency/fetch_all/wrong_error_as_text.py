# wrong: keeps the message and throws the exception away  [test_errors_in_their_places]
from collections import namedtuple
from multiprocessing.pool import ThreadPool

Outcome = namedtuple("Outcome", "value error")


def fetch_all(fetch, urls, limit=8):
    def attempt(url):
        try:
            return Outcome(fetch(url), None)
        except Exception as error:
            return Outcome(None, str(error))

    with ThreadPool(limit) as pool:
        return pool.map(attempt, urls, chunksize=1)
