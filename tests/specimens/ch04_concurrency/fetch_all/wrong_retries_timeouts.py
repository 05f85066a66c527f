# wrong: a second try after a TimeoutError  [test_every_error_is_kept]
from collections import namedtuple
from concurrent.futures import ThreadPoolExecutor

Outcome = namedtuple("Outcome", "value error")


def fetch_all(fetch, urls, limit=8):
    if limit < 1:
        raise ValueError(limit)

    def one(u):
        for k in range(2):
            try:
                return Outcome(fetch(u), None)
            except TimeoutError as e:
                if k:
                    return Outcome(None, e)
            except Exception as e:
                return Outcome(None, e)

    with ThreadPoolExecutor(limit) as p:
        return list(p.map(one, urls))
