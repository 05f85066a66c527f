# wrong: never more threads than some other number, whatever the limit  [test_as_many_as_the_limit]
from collections import namedtuple
from concurrent.futures import ThreadPoolExecutor

Outcome = namedtuple("Outcome", "value error")


def fetch_all(fetch, urls, limit=8):
    if limit < 1:
        raise ValueError(limit)

    def one(u):
        try:
            return Outcome(fetch(u), None)
        except Exception as e:
            return Outcome(None, e)

    with ThreadPoolExecutor(min(limit, 32)) as p:
        return list(p.map(one, urls))
